package io.portreeve.server;

import static io.portreeve.server.HexDatagrams.ask;
import static io.portreeve.server.HexDatagrams.client;
import static io.portreeve.server.HexDatagrams.receive;
import static io.portreeve.server.HexDatagrams.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.control.ControlException;
import io.portreeve.server.control.ServerControl;
import io.portreeve.settings.Settings;
import io.portreeve.testing.Await;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is told what to do wrong, as its clients see it. */
final class FaultyServerTest {
    private static final String FROM_LOOPBACK = "00000000 00000000 0000ffff 7f000001 ";
    private static final String MAP = "02010000 00001c20" + FROM_LOOPBACK
            + "a1a2a3a4 b1b2b3b4 c1c2c3c4 06000000 1f90 0000 00000000 00000000 0000ffff 00000000";
    private static final String ANNOUNCE = "02000000 00000000" + FROM_LOOPBACK;
    private static final String UNKNOWN_VERSION = "0301";
    private static final String NAT_PMP_MAP = "0002 0000 1f91 0000 00000e10";

    @TempDir
    private Path directory;

    private PcpServer start(String... more) throws Exception {
        var lines = new ArrayList<>(
                List.of("listen = 127.0.0.1", "port = 0", "pool = 203.0.114.1", "state-dir = " + directory));
        lines.addAll(List.of(more));
        return PcpServer.start(ServerSettings.of(new Settings("test", lines)));
    }

    private String faults(String... words) throws ControlException {
        var order = new ArrayList<>(List.of("faults"));
        order.addAll(List.of(words));
        return ServerControl.ask(directory.resolve("control.sock"), order);
    }

    @Test
    void refusesForAsLongAsItIsTold() throws Exception {
        try (var server = start();
                var client = client(server)) {
            assertThat(faults("set", "refuse=NO_RESOURCES", "refuse-lifetime=5s"))
                    .isEqualTo("refuse=NO_RESOURCES refuse-lifetime=5s\n");
            var refused = ask(client, MAP);
            assertThat(refused.remaining()).isEqualTo(60);
            assertThat(refused.getLong(0)).isEqualTo(0x02810008_00000005L);
            assertThat(ask(client, NAT_PMP_MAP).getInt(0)).isEqualTo(0x00820004);
            assertThat(server.cgn().table()).isEmpty();
            assertThat(faults("clear")).isEqualTo("no faults\n");
            assertThat(ask(client, MAP).get(3)).isZero();
            assertThat(server.cgn().table()).hasSize(1);
        }
    }

    @Test
    void lies() throws Exception {
        try (var server = start();
                var client = client(server)) {
            faults("set", "external=198.51.100.99", "lifetime=1s", "epoch=+100000s");
            var lie = ask(client, MAP);
            assertThat(lie.getLong(0)).isEqualTo(0x02810000_00000001L);
            assertThat(lie.getInt(8)).as("epoch").isGreaterThanOrEqualTo(100_000);
            assertThat(lie.getInt(56)).isEqualTo(0xC6336463);
            faults("set", "external=off");
            assertThat(ask(client, MAP).getInt(56)).isEqualTo(0xCB007201);
        }
    }

    /** With this seed the first of two answers is lost, and the second is not. */
    @Test
    void losesAnAnswer() throws Exception {
        try (var server = start();
                var client = client(server)) {
            faults("set", "drop-answers=50%", "seed=0");
            send(client, UNKNOWN_VERSION);
            send(client, ANNOUNCE);
            assertThat(receive(client).getInt(0)).isEqualTo(0x02800000);
        }
    }

    @Test
    void saysEverythingTwice() throws Exception {
        try (var server = start();
                var client = client(server)) {
            faults("set", "duplicate=100%");
            var first = ask(client, MAP);
            assertThat(receive(client)).isEqualTo(first);
            faults("clear");
            ask(client, MAP);
            assertThat(ask(client, ANNOUNCE).getInt(0)).as("the next answer").isEqualTo(0x02800000);
        }
    }

    @Test
    void mayHaveFaultsFromTheStart() throws Exception {
        try (var server = start("faults = refuse=NOT_AUTHORIZED, delay=1ms");
                var client = client(server)) {
            assertThat(faults()).isEqualTo("delay=1ms refuse=NOT_AUTHORIZED\n");
            assertThat(ask(client, MAP).get(3)).isEqualTo((byte) 2);
        }
    }

    @Test
    void makesPortsScarce() throws Exception {
        try (var server = start("faults = quota=1");
                var client = client(server)) {
            assertThat(ask(client, MAP).get(3)).isZero();
            assertThat(ask(client, NAT_PMP_MAP).getInt(0))
                    .as("beyond the quota")
                    .isEqualTo(0x00820004);
            assertThat(ask(client, MAP).get(3)).as("renewed").isZero();
            assertThat(faults("set", "quota=off", "pool=exhausted")).isEqualTo("pool=exhausted\n");
            assertThat(ask(client, NAT_PMP_MAP).getInt(0)).as("nothing is left").isEqualTo(0x00820004);
            faults("clear");
            assertThat(ask(client, NAT_PMP_MAP).getInt(0)).isEqualTo(0x00820000);
        }
    }

    /** While the CGN is waited for, who needs no CGN is answered. */
    @Test
    void waitsForASlowCgn() throws Exception {
        try (var server = start();
                var client = client(server)) {
            ask(client, MAP);
            faults("set", "cgn-delay=1min");
            send(client, MAP.replace("1f90", "1f91"));
            Await.until("the CGN has it", () -> server.cgn().table().size() == 2);
            assertThat(ask(client, ANNOUNCE).getInt(0)).isEqualTo(0x02800000);
            faults("clear");
            assertThat(receive(client).getInt(0)).isEqualTo(0x02810000);
        }
    }

    @Test
    void refusesOrdersThatMakeNoSense() throws Exception {
        try (var _ = start()) {
            faults("set", "delay=1ms");
            for (var wrong : List.of(List.of("set"), List.of("clear", "delay"), List.of("delay=2ms"))) {
                assertThatThrownBy(() -> faults(wrong.toArray(String[]::new)))
                        .isInstanceOf(ControlException.class)
                        .hasMessage("say: faults, faults set key=value ..., or faults clear");
            }
            assertThatThrownBy(() -> faults("set", "jitter=1ms", "delay=2"))
                    .hasMessage("'delay=2': expected a time up to 1min such as 200ms or 3s, or off");
            assertThat(faults()).as("nothing has changed").isEqualTo("delay=1ms\n");
        }
    }
}
