package io.portreeve.server.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.PcpResponse;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.wire.DecodedResponse;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.server.cgn.Endpoint;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A library in front of a fake CGN, at a time of its own. */
final class LibraryBench {
    static final Set<Opcode> ALL_OPCODES = EnumSet.of(Opcode.ANNOUNCE, Opcode.MAP, Opcode.PEER);
    static final Set<Opcode> NO_PEER = EnumSet.of(Opcode.ANNOUNCE, Opcode.MAP);
    static final PcpAddress HOME = PcpAddress.parse("192.168.1.10");
    static final MappingNonce NONCE = new MappingNonce(1, 2, 3);

    private MonoTime now = MonoTime.START;
    final FakeCgn cgn;
    final PcpLibrary library;

    LibraryBench(LibrarySettings settings, String external, int firstPort, long longest) {
        cgn = new FakeCgn(PcpAddress.parse(external), firstPort, new Lifetime(longest), () -> now);
        library = new PcpLibrary(settings, cgn, () -> now);
    }

    LibraryBench(LibrarySettings settings, String external) {
        this(settings, external, 40_000, 3600);
    }

    static LibrarySettings nat444(LibraryFlag... flags) {
        return new LibrarySettings(CgnType.NAT444, ALL_OPCODES, Set.of(flags));
    }

    static LibraryBench ofNat444(LibraryFlag... flags) {
        return new LibraryBench(nat444(flags), "203.0.113.7");
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    static PcpContext context(PcpAddress client) {
        var context = new PcpContext();
        context.client(new Endpoint(client, 49_152));
        return context;
    }

    /** {@return what the client reads that sends {@code request}} */
    PcpResponse ask(PcpRequest request) {
        return ask(request, context(request.client()));
    }

    PcpResponse ask(PcpRequest request, PcpContext context) {
        context.request(PcpEncoder.encode(request));
        assertThat(library.runOnce(context)).isTrue();
        return heard();
    }

    /** {@return what was sent last} */
    PcpResponse heard() {
        var datagram = cgn.sent.remove();
        return switch (PcpDecoder.decodeResponse(ByteBuffer.wrap(datagram.octets()))) {
            case DecodedResponse.Ok(var response) -> response;
            default -> throw new AssertionError("no answer");
        };
    }

    /** {@return the calls since the last time this was asked} */
    List<String> calls() {
        var calls = List.copyOf(cgn.calls);
        cgn.calls.clear();
        return calls;
    }

    /** {@return a request of {@link #HOME} for an hour} */
    static MapRequest map(int port, PcpOption... options) {
        return map(HOME, 3600, IpProtocol.TCP, port, new Endpoint(PcpAddress.ANY_IPV4, 0), options);
    }

    static MapRequest delete(int port) {
        return map(HOME, 0, IpProtocol.TCP, port, new Endpoint(PcpAddress.ANY_IPV4, 0));
    }

    static MapRequest map(
            PcpAddress client, long lifetime, IpProtocol protocol, int port, Endpoint suggested, PcpOption... options) {
        return new MapRequest(
                new Lifetime(lifetime),
                client,
                NONCE,
                protocol,
                port,
                suggested.port(),
                suggested.address(),
                List.of(options));
    }

    static PeerRequest peer(PcpAddress client, int port, Endpoint suggested, Endpoint remote, PcpOption... options) {
        return new PeerRequest(
                new Lifetime(900),
                client,
                NONCE,
                IpProtocol.TCP,
                port,
                suggested.port(),
                suggested.address(),
                remote.port(),
                remote.address(),
                List.of(options));
    }

    static Endpoint endpoint(String address, int port) {
        return new Endpoint(PcpAddress.parse(address), port);
    }
}
