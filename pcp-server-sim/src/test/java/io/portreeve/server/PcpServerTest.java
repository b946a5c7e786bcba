package io.portreeve.server;

import static io.portreeve.server.HexDatagrams.ask;
import static io.portreeve.server.HexDatagrams.receive;
import static io.portreeve.server.HexDatagrams.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Addition;
import io.portreeve.server.store.TestMachine;
import io.portreeve.settings.Settings;
import io.portreeve.testing.Await;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as its clients see it: datagrams over the loopback interface. */
final class PcpServerTest {
    private static final String FROM_LOOPBACK = "00000000 00000000 0000ffff 7f000001 ";
    private static final String BODY =
            "a1a2a3a4 b1b2b3b4 c1c2c3c4 06000000 1f90 0000 00000000 00000000 0000ffff 00000000";
    private static final String CREATE = "02010000 00001c20" + FROM_LOOPBACK + BODY;
    private static final String DELETE = "02010000 00000000" + FROM_LOOPBACK + BODY;

    private final TestMachine machine = new TestMachine();
    private final List<AutoCloseable> open = new ArrayList<>();

    @TempDir
    private Path directory;

    @AfterEach
    void close() throws Exception {
        for (var closeable : open.reversed()) {
            closeable.close();
        }
    }

    private PcpServer start(Path stateDir, String... more) throws Exception {
        var lines = new ArrayList<>(
                List.of("listen = 127.0.0.1", "port = 0", "pool = 203.0.114.1-203.0.114.4", "state-dir = " + stateDir));
        lines.addAll(List.of(more));
        var server = PcpServer.start(ServerSettings.of(new Settings("test", lines)), machine.machine());
        open.add(server);
        return server;
    }

    private DatagramSocket client(PcpServer server) throws IOException {
        var socket = HexDatagrams.client(server);
        open.add(socket);
        return socket;
    }

    private static int result(ByteBuffer answer) {
        return answer.get(3);
    }

    private static int externalPort(ByteBuffer answer) {
        return Short.toUnsignedInt(answer.getShort(42));
    }

    /** What the operator does is done when the next answer comes: it went into the same inbox before. */
    @Test
    void theOperatorClearsRenumbersAndAddsMappings() throws Exception {
        var server = start(directory);
        var client = client(server);
        var me = new SubscriberId(PcpAddress.of(InetAddress.getLoopbackAddress()));
        var before = ask(client, CREATE).getInt(56);
        int other = before == 0xCB007201 ? 0xCB007202 : 0xCB007201;
        server.renumber(me, PcpAddress.ofIpv4(other));
        assertThat(receive(client).getInt(56)).as("the Mapping Update").isEqualTo(other);
        server.clear(me);
        server.clear();
        ask(client, "02000000 00000000" + FROM_LOOPBACK);
        Await.until("the table is empty", () -> server.cgn().table().isEmpty());
        var internal = new Endpoint(me.address(), 8080);
        var external = new Endpoint(PcpAddress.ofIpv4(other), 5000);
        ask(client, CREATE);
        server.leaseEnded(me.address());
        Await.until("it is empty again", () -> server.cgn().table().isEmpty());
        assertThat(server.addStatic(me, IpProtocol.TCP, internal, external).join())
                .isEqualTo(new Addition.Added());
        assertThat(server.cgn().table().getFirst().mapping().external()).isEqualTo(external);
    }

    @Test
    void grantsAndDeletes() throws Exception {
        var server = start(directory);
        var client = client(server);
        var granted = ask(client, CREATE);
        assertThat(granted.remaining()).isEqualTo(60);
        assertThat(granted.getInt(0)).isEqualTo(0x02810000);
        assertThat(granted.getInt(4)).isEqualTo(7200);
        assertThat(granted.getInt(56)).isBetween(0xCB007201, 0xCB007204);
        assertThat(server.cgn().table())
                .singleElement()
                .satisfies(
                        entry -> assertThat(entry.mapping().external().port()).isEqualTo(externalPort(granted)));
        assertThat(ask(client, DELETE).getLong(0)).isEqualTo(0x02810000_00000000L);
        assertThat(server.cgn().table()).isEmpty();
    }

    @Test
    void answersWhatIsWrongAndKeepsSilentWhereItMust() throws Exception {
        var client = client(start(directory));
        send(client, "02"); // silence for these two, or the first answer below were not the first
        send(client, CREATE.replaceFirst("0201", "0281"));
        assertThat(result(ask(client, "0301"))).isEqualTo(1);
        assertThat(result(ask(client, CREATE.replace("7f000001", "c0a8010a")))).isEqualTo(12);
        assertThat(result(ask(client, CREATE + "7e000004 deadbeef"))).isEqualTo(5);
        assertThat(result(ask(client, CREATE + "ff"))).isEqualTo(3);
        var oversize = ask(client, CREATE + "c8000000".repeat(261));
        assertThat(result(oversize)).isEqualTo(3);
        assertThat(oversize.remaining()).isEqualTo(1100);
        assertThat(result(ask(client, CREATE + "c8000000".repeat(260)))).isZero();
        assertThat(result(ask(client, "02000000 00000000" + FROM_LOOPBACK))).isZero();
    }

    /** One client alone is refused by the CGN, which does not serve it. */
    @Test
    @Proves("pcp:S-GEN-14")
    void whatIsSwitchedOffIsUnknown() throws Exception {
        var off = start(directory, "map = off", "peer = off");
        var client = client(off);
        assertThat(result(ask(client, CREATE))).isEqualTo(4);
        assertThat(result(ask(client, "0202" + CREATE.substring(4)))).isEqualTo(4);
        assertThat(result(ask(client, "02000000 00000000" + FROM_LOOPBACK))).isZero();
        var on = start(directory.resolve("on"));
        on.cgn().block(new SubscriberId(PcpAddress.of(InetAddress.getLoopbackAddress())));
        assertThat(result(ask(client(on), CREATE))).isEqualTo(2);
    }

    @Test
    @Proves({"pcp:B-VER-02", "pcp:B-VER-04"})
    void answersEachVersionInItsOwnWords() throws Exception {
        var client = client(start(directory));
        var address = ask(client, "0000");
        assertThat(address.remaining()).isEqualTo(12);
        assertThat(address.getInt(0)).isEqualTo(0x00800000);
        assertThat(address.getInt(8)).isBetween(0xCB007201, 0xCB007204);
        assertThat(ask(client, "0002 0000 1f91 0000 00000e10").getInt(0)).isEqualTo(0x00820000);
        assertThat(ask(client, "0009").getInt(0)).isEqualTo(0x00890005);
        assertThat(ask(client, CREATE).getInt(0)).isEqualTo(0x02810000);
        assertThat(ask(client, "01010000" + "00".repeat(20)).getInt(0)).isEqualTo(0x02810001);
        assertThat(ask(client, "03" + CREATE.substring(2)).getInt(0)).isEqualTo(0x02810001);
    }

    @Test
    @Proves({"wire:V20q", "wire:V20r", "pcp:B-VER-04"})
    void withoutNatPmpThatIsAnUnknownVersion() throws Exception {
        var client = client(start(directory, "nat-pmp = off"));
        var refused = ask(client, "0000");
        assertThat(refused.remaining()).isEqualTo(24);
        assertThat(refused.getLong(0)).isEqualTo(0x02800001_00000708L);
    }

    @Test
    @Proves("pcp:B-NPMP-06")
    void withNatPmpAlonePcpIsAnUnknownVersion() throws Exception {
        var client = client(start(directory, "nat-pmp = only"));
        var refused = ask(client, CREATE);
        assertThat(refused.remaining()).isEqualTo(8);
        assertThat(refused.getInt(0)).isEqualTo(0x00000001);
        send(client, "0080 0000"); // silence for these two, or the first answer below were not the first
        send(client, "0280" + CREATE.substring(4));
        assertThat(ask(client, "0009").getInt(0)).isEqualTo(0x00890005);
        assertThat(ask(client, "007f").getInt(0)).isEqualTo(0x00ff0005);
        assertThat(ask(client, "0000").getInt(0)).isEqualTo(0x00800000);
        assertThat(ask(client, "0002 0000 1f91 0000 00000e10").getInt(0)).isEqualTo(0x00820000);
    }

    @Test
    @Proves({"pcp:S-EPO-02", "rel:I9"})
    void aKilledServerComesBackWithItsMappingsAndItsEpoch() throws Exception {
        var client = client(start(directory.resolve("first")));
        int port = externalPort(ask(client, CREATE));
        machine.pass(Duration.ofSeconds(100));

        var second = start(asItWasWhenKilled());
        assertThat(second.restored()).isEqualTo(1);
        machine.pass(Duration.ofSeconds(10));
        var again = client(second);
        var renewed = ask(again, CREATE);
        assertThat(externalPort(renewed)).isEqualTo(port);
        assertThat(renewed.getInt(8)).as("epoch").isEqualTo(110);
        var stranger = ask(again, CREATE.replace("a1a2a3a4", "00000000"));
        assertThat(result(stranger)).as("the nonce is remembered").isEqualTo(2);
    }

    @Test
    void afterARebootTheMappingsAreThereAndTheEpochStartsAgain() throws Exception {
        var client = client(start(directory.resolve("first")));
        int port = externalPort(ask(client, CREATE));
        machine.pass(Duration.ofSeconds(100));
        machine.boot(Duration.ofSeconds(20));
        var renewed = ask(client(start(asItWasWhenKilled())), CREATE);
        assertThat(externalPort(renewed)).isEqualTo(port);
        assertThat(renewed.getInt(8)).as("epoch").isZero();
    }

    @Test
    @Proves({"pcp:S-EPO-02", "rel:I9"})
    void aMappingThatThePoolHasNoPlaceForResetsTheEpoch() throws Exception {
        var first = start(directory.resolve("first"));
        ask(client(first), CREATE);
        machine.pass(Duration.ofSeconds(100));
        var lines =
                List.of("listen = 127.0.0.1", "port = 0", "pool = 203.0.114.99", "state-dir = " + asItWasWhenKilled());
        var second = PcpServer.start(ServerSettings.of(new Settings("test", lines)), machine.machine());
        open.add(second);
        assertThat(second.restored()).isZero();
        assertThat(ask(client(second), CREATE).getInt(8)).as("epoch").isZero();
    }

    @Test
    void whatExpiredMeanwhileIsNoLoss() throws Exception {
        ask(client(start(directory.resolve("first"))), CREATE);
        machine.pass(Duration.ofHours(3));
        var second = start(asItWasWhenKilled());
        assertThat(second.restored()).isZero();
        assertThat(second.cgn().table()).isEmpty();
        assertThat(second.epochTime().seconds()).isEqualTo(3 * 3600);
    }

    /** A copy of what is on disk while the first server runs: what a kill at this moment leaves. */
    private Path asItWasWhenKilled() throws IOException {
        var copy = Files.createTempDirectory(directory, "killed");
        for (var file : List.of("server.db", "server.db-wal")) {
            Files.copy(directory.resolve("first").resolve(file), copy.resolve(file));
        }
        return copy;
    }

    @Test
    @Proves("rel:I2")
    void nothingIsGrantedThatCannotBeWritten() throws Exception {
        var server = start(directory);
        var client = client(server);
        sql("CREATE TRIGGER broken BEFORE INSERT ON mapping BEGIN SELECT RAISE(ABORT, 'broken'); END");
        assertThat(result(ask(client, CREATE))).isEqualTo(8);
        assertThat(server.cgn().table()).isEmpty();
        sql("DROP TRIGGER broken");
        assertThat(result(ask(client, CREATE))).isZero();
        assertThat(server.cgn().table()).hasSize(1);
    }

    private void sql(String statement) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("server.db"));
                var work = connection.createStatement()) {
            work.executeUpdate(statement);
        }
    }

    @Test
    void itsPortIsFreeAsSoonAsItHasEnded() throws Exception {
        int port = 0;
        for (int i = 0; i < 50; i++) {
            var lines = List.of(
                    "listen = 127.0.0.1",
                    "port = " + port,
                    "pool = 203.0.114.1",
                    "state-dir = " + directory.resolve("state-" + i));
            try (var server = PcpServer.start(ServerSettings.of(new Settings("test", lines)))) {
                port = server.address().getPort();
            }
        }
    }

    @Test
    void aTakenPortIsSaidInOneLine() throws Exception {
        int port = start(directory.resolve("first")).address().getPort();
        assertCannotStart(
                List.of("listen = 127.0.0.1", "port = " + port),
                "cannot listen on 127.0.0.1:" + port
                        + ": another program has this UDP port; stop that one or choose another 'port'");
    }

    @Test
    void anAddressOfAnotherMachineIsSaidInOneLine() throws Exception {
        assertCannotStart(
                List.of("listen = 203.0.114.77"),
                "cannot listen on 203.0.114.77: it is not an address of this machine; correct 'listen'");
    }

    @Test
    void aStateDirThatCannotBeIsSaidInOneLine() throws Exception {
        var file = Files.createFile(directory.resolve("file"));
        var settings = settings(List.of("listen = 127.0.0.1"), file.resolve("state"));
        assertThatThrownBy(() -> PcpServer.start(settings, machine.machine()))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("state-dir")
                .message()
                .doesNotContain("\n");
    }

    private void assertCannotStart(List<String> lines, String message) throws Exception {
        var settings = settings(lines, directory.resolve("second"));
        assertThatThrownBy(() -> PcpServer.start(settings, machine.machine()))
                .isInstanceOf(CannotStartException.class)
                .hasMessage(message);
    }

    private static ServerSettings settings(List<String> lines, Path stateDir) throws Exception {
        var all = new ArrayList<>(lines);
        all.add("pool = 203.0.114.1");
        all.add("state-dir = " + stateDir);
        return ServerSettings.of(new Settings("test", all));
    }
}
