package io.portreeve.server;

import static io.portreeve.server.HexDatagrams.ask;
import static io.portreeve.server.HexDatagrams.client;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.control.ControlException;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.control.ServerControl;
import io.portreeve.server.net.SeenDatagram;
import io.portreeve.server.store.TestMachine;
import io.portreeve.settings.Settings;
import io.portreeve.testing.Await;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that starts again while its process lives on. What becomes of its state is in {@link RestartTest}. */
final class ServerRestartTest {
    private static final String FROM_LOOPBACK = "00000000 00000000 0000ffff 7f000001 ";
    private static final String MAP = "02010000 00001c20" + FROM_LOOPBACK
            + "a1a2a3a4 b1b2b3b4 c1c2c3c4 06000000 1f90 0000 00000000 00000000 0000ffff 00000000";
    private static final String ANNOUNCE = "02000000 00000000" + FROM_LOOPBACK;

    private final TestMachine machine = new TestMachine();
    private final Queue<SeenDatagram> seen = new ConcurrentLinkedQueue<>();

    @TempDir
    private Path directory;

    private PcpServer start() throws Exception {
        var settings = new Settings(
                "test", List.of("listen = 127.0.0.1", "port = 0", "pool = 203.0.114.1", "state-dir = " + directory));
        return PcpServer.start(ServerSettings.of(settings), machine.machine(), seen::add);
    }

    private String order(String... words) throws ControlException {
        return ServerControl.ask(directory.resolve("control.sock"), List.of(words));
    }

    @Test
    void goesOnWithItsState() throws Exception {
        try (var server = start();
                var client = client(server)) {
            var granted = ask(client, MAP);
            order("add", "tcp", "10.0.0.1", "10.0.0.1:443", "203.0.114.1:4443");
            order("faults", "set", "lifetime=1s", "quota=1");
            var address = server.address();
            var cgn = server.cgn();
            machine.pass(Duration.ofMinutes(1));
            assertThat(order("restart")).isEqualTo("started again: 2 mappings restored, epoch 60 s\n");
            assertThat(server.cgn()).as("nothing is left of the old one").isNotSameAs(cgn);
            assertThat(server.address()).isEqualTo(address);
            assertThat(order("faults")).isEqualTo("lifetime=1s quota=1\n");
            var renewed = ask(client, MAP);
            assertThat(renewed.getLong(0)).as("with the faults it had").isEqualTo(0x02810000_00000001L);
            assertThat(renewed.getShort(42)).as("port").isEqualTo(granted.getShort(42));
            assertThat(ask(client, MAP.replace("1f90", "1f91")).get(3))
                    .as("beyond the quota")
                    .isEqualTo((byte) 10);
            assertThat(ask(client, ANNOUNCE).getInt(8)).as("epoch").isEqualTo(60);
            assertThat(server.counters().all().get("requests")).as("counters").containsEntry("MAP", 3L);
        }
    }

    @Test
    void orKnowsNothingOfIt() throws Exception {
        try (var server = start();
                var client = client(server)) {
            ask(client, MAP);
            seen.clear();
            order("add", "tcp", "10.0.0.1", "10.0.0.1:443", "203.0.114.1:4443");
            machine.pass(Duration.ofMinutes(1));
            assertThat(order("restart", "without-state")).isEqualTo("started again: 0 mappings restored, epoch 0 s\n");
            Await.until("its clients are told", () -> seen.stream().anyMatch(ServerRestartTest::isNewAnnounce));
            assertThat(order("mappings")).isEqualTo("no mappings\n");
            assertThat(server.cgn().table()).isEmpty();
            machine.pass(Duration.ofSeconds(7));
            assertThat(ask(client, ANNOUNCE).getInt(8)).as("epoch").isEqualTo(7);
            assertThat(ask(client, MAP).get(3)).isZero();
            assertThat(order("restart")).as("what it stored since").contains(": 1 mappings restored, epoch 7");
        }
    }

    private static boolean isNewAnnounce(SeenDatagram datagram) {
        return datagram.remote().equals(new Endpoint(PcpAddress.parse("224.0.0.1"), 5350))
                && ByteBuffer.wrap(datagram.octets()).getInt(8) == 0; // the epoch of the old server is later
    }

    @Test
    void saysWhyItCannotStartAgain() throws Exception {
        try (var server = start()) {
            Files.delete(directory.resolve("server.db"));
            Files.createDirectory(directory.resolve("server.db"));
            Files.createFile(directory.resolve("server.db/in-the-way"));
            assertThatThrownBy(() -> order("restart", "without-state"))
                    .isInstanceOf(ControlException.class)
                    .hasMessageStartingWith("it stops, because it cannot start again: " + directory)
                    .hasMessageContaining("server.db: cannot be removed: ");
            assertThat(server.failure().getNow(null)).isInstanceOf(CannotStartException.class);
            assertThat(server.epochTime()).as("what it was").isEqualTo(new EpochTime(0));
        }
    }

    @Test
    void refusesWordsItDoesNotKnow() throws Exception {
        try (var server = start()) {
            assertThatThrownBy(() -> order("restart", "without", "state"))
                    .hasMessage("say: restart, or restart without-state");
            assertThat(server.failure()).isNotDone();
        }
    }

    @Test
    void doesNotStartAgainWhenItIsClosed() throws Exception {
        var server = start();
        server.close();
        assertThatThrownBy(server::restart).isInstanceOf(CannotStartException.class);
        start().close();
    }
}
