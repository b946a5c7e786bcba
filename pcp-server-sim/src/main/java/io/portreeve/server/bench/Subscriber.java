package io.portreeve.server.bench;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.wire.DecodedResponse;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.server.cgn.Endpoint;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Predicate;

/** Knows its mappings, and so what it can ask and what it has to be answered. */
final class Subscriber {
    private static final int PORTS = 65_535;
    private static final Lifetime AN_HOUR = new Lifetime(3600);
    private static final MappingNonce NONCE = new MappingNonce(1, 2, 3);
    private static final MappingNonce STRANGERS_NONCE = new MappingNonce(3, 2, 1);

    private final PcpAddress address;
    private final ExternalPorts taken;
    private final Queue<Held> held = new ArrayDeque<>();
    private int created;

    private record Held(int internalPort, Endpoint external) {}

    /** @param taken the external ports of all subscribers */
    Subscriber(PcpAddress address, ExternalPorts taken) {
        this.address = address;
        this.taken = taken;
    }

    PcpAddress address() {
        return address;
    }

    /** {@return a MAP request that another server than a PCP server may send back as it is} */
    Optional<Question> echo() {
        var octets = PcpEncoder.encode(map(AN_HOUR, NONCE, 1));
        return Optional.of(new Question("echo", octets, answer -> answer.equals(ByteBuffer.wrap(octets))));
    }

    /** {@return a request for one port more} */
    Optional<Question> create() {
        int port = created++ % PORTS + 1;
        return Optional.of(map("create", map(AN_HOUR, NONCE, port), answer -> {
            var external = new Endpoint(answer.assignedAddress(), answer.assignedPort());
            held.add(new Held(port, external));
            return isGranted(answer) && taken.take(external);
        }));
    }

    /** {@return a renewal of the mapping that was renewed longest ago} */
    Optional<Question> renew() {
        return turn().map(mapping -> map(
                "renew",
                map(AN_HOUR, NONCE, mapping.internalPort()),
                answer -> isGranted(answer)
                        && mapping.external().equals(new Endpoint(answer.assignedAddress(), answer.assignedPort()))));
    }

    /** {@return a renewal with the nonce of somebody else} */
    Optional<Question> intrude() {
        return turn().map(mapping -> map(
                "refused",
                map(AN_HOUR, STRANGERS_NONCE, mapping.internalPort()),
                answer -> answer.result() == ResultCode.NOT_AUTHORIZED.value()));
    }

    Optional<Question> delete() {
        return Optional.ofNullable(held.poll()).map(mapping -> {
            taken.giveBack(mapping.external());
            return map(
                    "delete",
                    map(Lifetime.DELETE, NONCE, mapping.internalPort()),
                    answer -> answer.result() == 0 && answer.lifetime().isDelete());
        });
    }

    Optional<Question> announce() {
        var octets = PcpEncoder.encode(new AnnounceRequest(address));
        return Optional.of(new Question(
                "ANNOUNCE",
                octets,
                answer -> PcpDecoder.decodeResponse(answer)
                                instanceof DecodedResponse.Ok(AnnounceResponse(var result, var _, var _))
                        && result == 0));
    }

    private Optional<Held> turn() {
        var next = Optional.ofNullable(held.poll());
        next.ifPresent(held::add);
        return next;
    }

    private MapRequest map(Lifetime lifetime, MappingNonce nonce, int port) {
        return new MapRequest(lifetime, address, nonce, IpProtocol.UDP, port, 0, PcpAddress.ANY_IPV4, List.of());
    }

    private static Question map(String what, MapRequest request, Predicate<MapResponse> rightAnswer) {
        return new Question(
                what,
                PcpEncoder.encode(request),
                octets -> PcpDecoder.decodeResponse(octets) instanceof DecodedResponse.Ok(MapResponse answer)
                        && answer.internalPort() == request.internalPort()
                        && answer.nonce().equals(request.nonce())
                        && rightAnswer.test(answer));
    }

    private static boolean isGranted(MapResponse answer) {
        return answer.result() == 0 && answer.lifetime().equals(AN_HOUR);
    }
}
