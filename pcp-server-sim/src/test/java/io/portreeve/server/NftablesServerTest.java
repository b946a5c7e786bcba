package io.portreeve.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.server.store.TestMachine;
import io.portreeve.settings.Settings;
import io.portreeve.testing.OwnNetwork;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The server in front of the kernel. What packets do then is the CGN's own tests' business. */
@ExtendWith(OwnNetwork.class)
final class NftablesServerTest {
    private static final byte[] CREATE = HexFormat.of()
            .parseHex("0201000000001c20" + "00000000000000000000ffff7f000001"
                    + "a1a2a3a4b1b2b3b4c1c2c3c4060000001f90100000000000000000000000ffff00000000");

    private final TestMachine machine = new TestMachine();

    @TempDir
    private Path directory;

    private PcpServer start(String outside) throws Exception {
        var lines = List.of(
                "listen = 127.0.0.1",
                "port = 0",
                "cgn = nftables",
                "inside-interface = lo",
                "outside-interface = " + outside,
                "pool = 203.0.114.1-203.0.114.4",
                "state-dir = " + directory);
        return PcpServer.start(ServerSettings.of(new Settings("test", lines)), machine.machine());
    }

    private static void createMapping(PcpServer server) throws IOException {
        try (var client = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            client.setSoTimeout(30_000);
            client.send(new DatagramPacket(CREATE, CREATE.length, server.address()));
            var answer = new DatagramPacket(new byte[1100], 1100);
            client.receive(answer);
            assertThat(answer.getData()[3]).as("result").isZero();
        }
    }

    private static String table() throws IOException {
        var nft = new ProcessBuilder("nft", "list", "table", "ip", "portreeve_cgn").start();
        return new String(nft.getInputStream().readAllBytes()).replaceAll(" counter packets \\d+ bytes \\d+", "");
    }

    private static void makeLink() throws Exception {
        var ip = new ProcessBuilder("ip", "link", "add", "inet0", "type", "veth", "peer", "name", "far0").start();
        assertThat(ip.waitFor()).isZero();
    }

    @Test
    void aMappingIsInTheKernelAndOutlivesTheServer() throws Exception {
        makeLink();
        var mapping = "tcp . 203.0.114.2 . 4096 : 127.0.0.1 . 8080";
        try (var server = start("inet0")) {
            createMapping(server);
            assertThat(table()).contains(mapping, "fully-random");
        }
        assertThat(table()).as("between two runs").contains(mapping, "fully-random");
        try (var again = start("inet0")) {
            assertThat(again.restored()).isEqualTo(1);
            assertThat(table()).contains(mapping, "fully-random");
        }
    }

    @Test
    void anInterfaceThatIsNotThereIsSaidInOneLine() {
        assertThatThrownBy(() -> start("inet7"))
                .isInstanceOf(CannotStartException.class)
                .hasMessage("there is no network interface 'inet7'; correct 'outside-interface'");
    }
}
