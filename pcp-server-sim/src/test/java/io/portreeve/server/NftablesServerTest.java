package io.portreeve.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.requirements.Proves;
import io.portreeve.server.store.TestMachine;
import io.portreeve.settings.Settings;
import io.portreeve.testing.Await;
import io.portreeve.testing.OwnNetwork;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

    private PcpServer start(String outside, String... more) throws Exception {
        var lines = new ArrayList<>(List.of(
                "listen = 127.0.0.1",
                "port = 0",
                "cgn = nftables",
                "inside-interface = lo",
                "outside-interface = " + outside,
                "pool = 203.0.114.1-203.0.114.4",
                "state-dir = " + directory));
        lines.addAll(List.of(more));
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
        run("ip", "link", "add", "inet0", "type", "veth", "peer", "name", "far0");
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
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

    private static final int SETS = 3;
    private static final int PORTS = 4096;

    /** {@return a MAP of TCP ports from {@code first} on} */
    private static String portSet(int first) {
        return "02010000 00001c20 00000000 00000000 0000ffff 7f000001 a1a2a3a4 b1b2b3b4 c1c2c3c4 06000000 "
                + "%1$04x 0000 00000000 00000000 0000ffff 00000000 82000005 %2$04x %1$04x 00 000000"
                        .formatted(first, PORTS);
    }

    private static long entries() throws IOException {
        return table().lines().filter(line -> line.contains("tcp . 203.0.114.")).count();
    }

    /** Clients hear nothing of it: their mappings are there again, and the epoch goes on. */
    @Test
    @Proves("rel:F-13")
    void tenThousandMappingsAreBackWhenSomebodyFlushedTheRules() throws Exception {
        makeLink();
        try (var server = start("inet0", "port-set = 4096", "quota = 20000");
                var client = HexDatagrams.client(server)) {
            machine.pass(Duration.ofSeconds(1000));
            for (int i = 0; i < SETS; i++) {
                var granted = HexDatagrams.ask(client, portSet(10_000 + i * PORTS));
                assertThat(granted.get(3)).isZero();
                assertThat(granted.getShort(64)).as("ports").isEqualTo((short) PORTS);
            }
            var before = entries();
            assertThat(before).isGreaterThan(10_000);
            run("nft", "flush", "ruleset");
            long flushed = System.nanoTime();
            Await.until("all entries are back", () -> {
                machine.pass(Duration.ofSeconds(1)); // between two looks at the rules is a pause
                return entries() == before;
            });
            System.out.printf("%d entries back after %d ms%n", before, (System.nanoTime() - flushed) / 1_000_000);
            var epoch = HexDatagrams.ask(client, "02000000 00000000 00000000 00000000 0000ffff 7f000001");
            assertThat(epoch.getInt(8)).isGreaterThan(1000);
            assertThat(server.cgn().table()).hasSize(SETS * PORTS);
        }
    }

    @Test
    void anInterfaceThatIsNotThereIsSaidInOneLine() {
        assertThatThrownBy(() -> start("inet7"))
                .isInstanceOf(CannotStartException.class)
                .hasMessage("there is no network interface 'inet7'; correct 'outside-interface'");
    }
}
