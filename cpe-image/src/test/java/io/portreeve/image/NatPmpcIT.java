package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.requirements.Proves;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's natpmpc asks the PCP server in NAT-PMP. */
class NatPmpcIT {
    private static final String CLIENT = "100.64.0.2";

    private static Lab lab;
    private static LonePcpServer server;

    @BeforeAll
    static void start(@TempDir Path work) throws Exception {
        lab = new Lab();
        server = new LonePcpServer(lab, work);
    }

    @AfterAll
    static void end() throws Exception {
        try (var _ = lab;
                var _ = server) {
            // both end, also after a failed start
        }
    }

    @AfterEach
    void deleteAll() throws Exception {
        natpmpcSucceeds("-a", "0", "0", "tcp", "0");
        natpmpcSucceeds("-a", "0", "0", "udp", "0");
        assertThat(server.table()).isEmpty();
    }

    private static Command.Result natpmpc(String... arguments) throws Exception {
        var words = Stream.concat(Stream.of("natpmpc", "-g", LonePcpServer.ADDRESS), Stream.of(arguments));
        return lab.inside("cpe", words.toArray(String[]::new)).run();
    }

    private static String natpmpcSucceeds(String... arguments) throws Exception {
        var result = natpmpc(arguments);
        assertThat(result.exitCode()).as("%s", result).isZero();
        return result.output();
    }

    @Test
    @Proves("pcp:B-VER-04")
    void readsTheExternalAddress() throws Exception {
        assertThat(natpmpcSucceeds()).contains("Public IP address : 203.0.114.1\n");
    }

    @Test
    @Proves({"pcp:B-NPMP-04", "pcp:B-NPMP-05"})
    void mapsRenewsAndDeletes() throws Exception {
        assertThat(natpmpcSucceeds("-a", "8000", "8080", "tcp", "600"))
                .contains("Mapped public port 8000 protocol TCP to local port 8080 liftime 600\n");
        assertThat(natpmpcSucceeds("-a", "3074", "3074", "udp", "600"))
                .contains("Mapped public port 3074 protocol UDP to local port 3074 liftime 600\n");
        assertThat(natpmpcSucceeds("-a", "9000", "8080", "tcp", "1200"))
                .contains("Mapped public port 8000 protocol TCP to local port 8080 liftime 1200\n");
        assertThat(server.table())
                .containsExactlyInAnyOrder(
                        "TCP 100.64.0.2:8080 203.0.114.1:8000", "UDP 100.64.0.2:3074 203.0.114.1:3074");

        for (int time = 0; time < 2; time++) {
            assertThat(natpmpcSucceeds("-a", "0", "8080", "tcp", "0"))
                    .contains("Mapped public port 0 protocol TCP to local port 8080 liftime 0\n");
            assertThat(server.table()).containsExactly("UDP 100.64.0.2:3074 203.0.114.1:3074");
        }
    }

    @Test
    @Proves("pcp:B-NPMP-07")
    void leavesAloneWhatPcpMade() throws Exception {
        mapByPcp(600);
        assertThat(natpmpcSucceeds("-a", "9000", "8080", "tcp", "1200"))
                .contains("Mapped public port 8000 protocol TCP to local port 8080 liftime ");
        assertThat(natpmpc("-a", "0", "8080", "tcp", "0").exitCode()).isNotZero();
        natpmpcSucceeds("-a", "9001", "8081", "tcp", "1200");
        natpmpcSucceeds("-a", "0", "0", "tcp", "0");
        assertThat(server.table()).containsExactly("TCP 100.64.0.2:8080 203.0.114.1:8000");
        mapByPcp(0);
    }

    private static void mapByPcp(long lifetime) throws Exception {
        try (var talk = new PcpTalk(lab.host("cpe"), CLIENT, LonePcpServer.ADDRESS)) {
            var answer = talk.ask(PcpEncoder.encode(new MapRequest(
                    new Lifetime(lifetime),
                    talk.client(),
                    new MappingNonce(1, 2, 3),
                    IpProtocol.TCP,
                    8080,
                    8000,
                    PcpAddress.ANY_IPV4,
                    List.of())));
            assertThat(answer.getInt(0)).isEqualTo(0x02810000);
        }
    }

    @Test
    @Proves("pcp:B-NPMP-08")
    void nobodyOutsideGetsAnAnswer() throws Exception {
        try (var outside = lab.host("inet").udp(0)) {
            for (var address : List.of("203.0.114.1", "198.51.100.1")) {
                outside.send(new DatagramPacket(new byte[2], 2, InetAddress.getByName(address), 5351));
            }
            natpmpcSucceeds();
        }
        assertThat(server.lines()).anyMatch(line -> line.contains("2 octets from " + CLIENT));
        assertThat(server.lines()).noneMatch(line -> line.contains("198.51.100.10"));
    }
}
