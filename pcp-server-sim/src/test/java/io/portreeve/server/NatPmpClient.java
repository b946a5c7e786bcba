package io.portreeve.server;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.natpmp.ExternalAddressRequest;
import io.portreeve.pcp.natpmp.ExternalAddressResponse;
import io.portreeve.pcp.natpmp.NatPmpMapRequest;
import io.portreeve.pcp.natpmp.NatPmpMapResponse;
import io.portreeve.pcp.natpmp.NatPmpRequest;
import io.portreeve.pcp.natpmp.NatPmpResponse;
import io.portreeve.pcp.wire.DecodedNatPmpRequest;
import io.portreeve.pcp.wire.NatPmpDecoder;
import io.portreeve.pcp.wire.NatPmpEncoder;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.ServerEffect.Answer;
import io.portreeve.server.engine.ServerEffect.RefuseNatPmp;
import io.portreeve.server.engine.ServerEffect.ReplyNatPmp;
import io.portreeve.server.engine.ServerEvent.ReceivedNatPmp;
import io.portreeve.server.engine.ServerEvent.RefusedNatPmp;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** A host that speaks NAT-PMP to the server on the bench. */
record NatPmpClient(Bench bench, PcpAddress address) {

    NatPmpClient(Bench bench) {
        this(bench, Bench.CLIENT.address());
    }

    NatPmpClient on(String other) {
        return new NatPmpClient(bench, PcpAddress.parse(other));
    }

    /** {@return what becomes of {@code suggested} for {@code internal}} */
    NatPmpMapResponse map(IpProtocol protocol, int internal, int suggested, long lifetime) {
        return (NatPmpMapResponse) ask(new NatPmpMapRequest(protocol, internal, suggested, new Lifetime(lifetime)));
    }

    NatPmpMapResponse delete(IpProtocol protocol, int internal) {
        return map(protocol, internal, 0, 0);
    }

    ExternalAddressResponse externalAddress() {
        return (ExternalAddressResponse) ask(new ExternalAddressRequest());
    }

    private NatPmpResponse ask(NatPmpRequest request) {
        long id = bench.nextRequestId();
        bench.happen(new ReceivedNatPmp(id, Client.of(source()), request));
        return ((ReplyNatPmp) bench.answers.get(id)).response();
    }

    /** {@return what comes back for a whole datagram, or the empty string for silence} */
    String send(String spacedHex) {
        var request = HexFormat.of().parseHex(Datagrams.hex(spacedHex));
        long id = bench.nextRequestId();
        switch (NatPmpDecoder.decodeRequest(ByteBuffer.wrap(request))) {
            case DecodedNatPmpRequest.Ok(var decoded) ->
                bench.happen(new ReceivedNatPmp(id, Client.of(source()), decoded));
            case DecodedNatPmpRequest.Refuse(var result) ->
                bench.happen(new RefusedNatPmp(id, Client.of(source()), result));
            case DecodedNatPmpRequest.Drop _ -> {
                return "";
            }
        }
        return HexFormat.of().formatHex(octets(bench.answers.get(id), request));
    }

    private static byte[] octets(Answer answer, byte[] request) {
        return switch (answer) {
            case ReplyNatPmp(var _, var response) -> NatPmpEncoder.encode(response);
            case RefuseNatPmp(var _, var result, var epoch) ->
                NatPmpEncoder.error(ByteBuffer.wrap(request), result, epoch);
            default -> throw new AssertionError("not NAT-PMP: " + answer);
        };
    }

    private Endpoint source() {
        return new Endpoint(address, Bench.CLIENT.port());
    }
}
