package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same talk with Debian's miniupnpd 2.3.1 as PCP server and with ours, row after row: a later row builds on what the
 * earlier ones left. Where the two differ, the row says why ours does as it does.
 */
class PcpPeersIT {
    private static final String SILENCE = "silence";
    private static final String ERROR_LIFETIME =
            "RFC 6887 section 7.4: an error has a lifetime, 30 min if it is to last";

    private static Lab lab;
    private static LonePcpServer server;
    private static Miniupnpd miniupnpd;
    private static PcpTalk ours;
    private static PcpTalk theirs;

    /** @param why empty if both answer the same */
    private record Row(String name, Function<PcpAddress, byte[]> request, String ours, String theirs, String why) {
        @Override
        public String toString() {
            return why.isEmpty() ? name : name + " (" + why + ")";
        }
    }

    private static Row same(String name, Function<PcpAddress, byte[]> request, String answer) {
        return new Row(name, request, answer, answer, "");
    }

    private static Row differs(
            String name, Function<PcpAddress, byte[]> request, String ours, String theirs, String why) {
        return new Row(name, request, ours, theirs, why);
    }

    static Stream<Row> rows() {
        var create = PcpOctets.map().port(8080).suggest(8080);
        return Stream.of(
                same("ANNOUNCE", PcpOctets.announce(), "SUCCESS 0 s, 24 octets"),
                same("create", create.lifetime(3600), "SUCCESS 3600 s, that port, 60 octets"),
                same("renew", create.lifetime(1200), "SUCCESS 1200 s, that port, 60 octets"),
                differs(
                        "renew with another nonce",
                        create.lifetime(900).otherNonce(),
                        "NOT_AUTHORIZED what is left, 60 octets",
                        "SUCCESS 900 s, that port, 60 octets",
                        "RFC 6887 section 11.3: only who knows the nonce changes a mapping"),
                same("suggested port taken", create.port(8081), "SUCCESS 600 s, another port, 60 octets"),
                differs(
                        "PREFER_FAILURE, port taken",
                        create.port(8082).options("02000000"),
                        "CANNOT_PROVIDE_EXTERNAL 30 s, 64 octets",
                        "SUCCESS 600 s, another port, 64 octets",
                        "RFC 6887 section 13.2: that port or none"),
                same(
                        "PREFER_FAILURE, port free",
                        create.port(8083).suggest(8090).options("02000000"),
                        "SUCCESS 600 s, that port, 64 octets"),
                differs(
                        "PREFER_FAILURE in a deletion",
                        create.port(8083).suggest(8090).lifetime(0).options("02000000"),
                        "MALFORMED_OPTION 1800 s, 64 octets",
                        "SUCCESS 0 s, that port, 64 octets",
                        "RFC 6887 section 13.2: means nothing there"),
                differs(
                        "unknown mandatory option",
                        create.port(8084).options("7e000004 deadbeef"),
                        "UNSUPP_OPTION 1800 s, 68 octets",
                        "UNSUPP_OPTION 0 s, 68 octets",
                        ERROR_LIFETIME),
                differs(
                        "unknown optional option",
                        create.port(8084).suggest(8084).options("fe000004 deadbeef"),
                        "SUCCESS 600 s, that port, 60 octets",
                        "SUCCESS 600 s, that port, 68 octets",
                        "RFC 6887 section 7.3: only what was processed comes back"),
                differs(
                        "wrong client address",
                        create.port(8085).client("192.0.2.1"),
                        "ADDRESS_MISMATCH 1800 s, 60 octets",
                        "ADDRESS_MISMATCH 0 s, 60 octets",
                        ERROR_LIFETIME),
                differs(
                        "version 3",
                        create.port(8085).version(3),
                        "UNSUPP_VERSION 1800 s, 60 octets",
                        "UNSUPP_VERSION 0 s, 60 octets",
                        ERROR_LIFETIME),
                differs(
                        "version 1",
                        create.port(8085).version(1),
                        "UNSUPP_VERSION 1800 s, 60 octets",
                        "version 1: MALFORMED_OPTION 0 s, 60 octets",
                        "ours does not know the drafts of PCP, which had other octets"),
                differs(
                        "cut to 40 octets",
                        create.port(8085).cut(40),
                        "MALFORMED_REQUEST 1800 s, 40 octets",
                        "MALFORMED_REQUEST 0 s, 40 octets",
                        ERROR_LIFETIME),
                differs(
                        "61 octets",
                        create.port(8085).options("ff"),
                        "MALFORMED_REQUEST 1800 s, 64 octets",
                        "version 0: opcode 0, MALFORMED_REQUEST 0 s, 64 octets",
                        "RFC 6887 section 7.2: version and opcode of the request"),
                differs(
                        "23 octets",
                        create.port(8085).cut(23),
                        SILENCE,
                        "version 0: opcode 0, MALFORMED_REQUEST 0 s, 24 octets",
                        "RFC 6887 section 8.2: shorter than the header is dropped"),
                differs(
                        "1104 octets",
                        create.port(8085).suggest(8085).options("c8000000".repeat(261)),
                        "MALFORMED_REQUEST 1800 s, 1100 octets",
                        "SUCCESS 600 s, that port, 1100 octets",
                        "RFC 6887 section 7: 1100 octets at most"),
                same("a second", create.port(8086).suggest(8086).lifetime(1), "SUCCESS 120 s, that port, 60 octets"),
                same(
                        "for ever",
                        create.port(8087).suggest(8087).lifetime(0xFFFF_FFFFL),
                        "SUCCESS 86400 s, that port, 60 octets"),
                differs(
                        "all protocols, a port",
                        create.port(8088).protocol(0),
                        "MALFORMED_REQUEST 1800 s, 60 octets",
                        "MALFORMED_REQUEST 0 s, 60 octets",
                        ERROR_LIFETIME),
                differs(
                        "all protocols, all ports",
                        create.port(0).suggest(0).protocol(0),
                        "UNSUPP_PROTOCOL 1800 s, 60 octets",
                        "MALFORMED_REQUEST 0 s, 60 octets",
                        "RFC 6887 section 11.1: it has a meaning, but no CGN can do it"),
                differs(
                        "SCTP",
                        create.port(8088).suggest(8088).protocol(132),
                        "UNSUPP_PROTOCOL 1800 s, 60 octets",
                        "SUCCESS 600 s, that port, 60 octets",
                        "this pool has TCP and UDP ports only"),
                differs(
                        "unknown opcode",
                        create.opcode(0x55),
                        "opcode 85, UNSUPP_OPCODE 1800 s, 60 octets",
                        "opcode 85, UNSUPP_OPCODE 0 s, 60 octets",
                        ERROR_LIFETIME),
                differs(
                        "delete with another nonce",
                        create.port(8087).lifetime(0).otherNonce(),
                        "NOT_AUTHORIZED what is left, 60 octets",
                        "NOT_AUTHORIZED 0 s, 60 octets",
                        "RFC 6887 section 11.3: the lifetime of the error is what the mapping has left"),
                same("delete", create.port(8081).lifetime(0), "SUCCESS 0 s, that port, 60 octets"),
                differs(
                        "delete twice",
                        create.port(8081).lifetime(0),
                        "SUCCESS 0 s, that port, 60 octets",
                        "NO_RESOURCES 30 s, 60 octets",
                        "RFC 6887 section 15: what is not there is deleted"),
                same("an answer", create.opcode(0x81), SILENCE),
                same("NAT-PMP: external address", PcpOctets.of("0000"), "NAT-PMP 0, 12 octets"),
                same(
                        "NAT-PMP: map",
                        PcpOctets.of("0002 0000 2000 2000 00000e10"),
                        "NAT-PMP 0, port 8192 for 3600 s, 16 octets"),
                same(
                        "NAT-PMP: delete",
                        PcpOctets.of("0002 0000 2000 0000 00000000"),
                        "NAT-PMP 0, port 0 for 0 s, 16 octets"),
                same(
                        "NAT-PMP: delete twice",
                        PcpOctets.of("0002 0000 2000 0000 00000000"),
                        "NAT-PMP 0, port 0 for 0 s, 16 octets"),
                differs(
                        "NAT-PMP: delete what PCP made",
                        PcpOctets.of("0002 0000 1f96 0000 00000000"),
                        "NAT-PMP 2, port 0 for 0 s, 16 octets",
                        "NAT-PMP 0, port 0 for 0 s, 16 octets",
                        "whoever has no nonce must not undo what a nonce protects"),
                differs(
                        "NAT-PMP: opcode 9",
                        PcpOctets.of("0009 0000"),
                        "NAT-PMP 5, 4 octets",
                        "NAT-PMP 5, 8 octets",
                        "RFC 6886 section 3.5: the request comes back"),
                same("NAT-PMP: map of 5 octets", PcpOctets.of("0001 0000 11"), SILENCE));
    }

    @BeforeAll
    static void start(@TempDir Path work) throws Exception {
        lab = new Lab();
        server = new LonePcpServer(lab, work);
        ours = new PcpTalk(lab.host("cpe"), "100.64.0.2", LonePcpServer.ADDRESS);
        miniupnpd = new Miniupnpd(lab, work, "min_lifetime=120");
        theirs = new PcpTalk(lab.host("home2"), "192.168.1.10", Miniupnpd.ADDRESS);
    }

    @AfterAll
    static void end() throws Exception {
        try (var _ = lab;
                var _ = server;
                var _ = miniupnpd;
                var _ = ours;
                var _ = theirs) {
            // all end, also after a failed start
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void answer(Row row) throws Exception {
        assertThat(answer(ours, row, row.ours())).as("ours").isEqualTo(row.ours());
        assertThat(answer(theirs, row, row.theirs())).as("theirs").isEqualTo(row.theirs());
    }

    private static String answer(PcpTalk talk, Row row, String expected) throws Exception {
        var request = row.request().apply(talk.client());
        var answer = expected.equals(SILENCE) ? talk.askForSilence(request) : talk.ask(request);
        if (!answer.hasRemaining()) {
            return SILENCE;
        }
        var said = request[0] == 0 ? natPmp(answer) : pcp(ByteBuffer.wrap(request), answer);
        return said + ", " + answer.remaining() + " octets";
    }

    private static String natPmp(ByteBuffer answer) {
        var result = "NAT-PMP " + answer.getShort(2);
        return answer.remaining() < 16
                ? result
                : result + ", port " + Short.toUnsignedInt(answer.getShort(10)) + " for " + answer.getInt(12) + " s";
    }

    private static String pcp(ByteBuffer request, ByteBuffer answer) {
        int opcode = answer.get(1) & 0x7f;
        var result = ResultCode.of(answer.get(3)).orElseThrow();
        var version = answer.get(0) == 2 ? "" : "version " + answer.get(0) + ": ";
        var other = opcode == 1 || request.get(1) == 0 ? "" : "opcode " + opcode + ", ";
        int seconds = answer.getInt(4);
        var lifetime = result == ResultCode.NOT_AUTHORIZED && seconds > 0 ? "what is left" : seconds + " s";
        boolean isMapped = opcode == 1 && result == ResultCode.SUCCESS;
        var port = isMapped ? (answer.getShort(42) == request.getShort(42) ? ", that port" : ", another port") : "";
        return version + other + result + " " + lifetime + port;
    }
}
