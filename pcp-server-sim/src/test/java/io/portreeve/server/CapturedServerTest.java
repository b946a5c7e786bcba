package io.portreeve.server;

import static io.portreeve.server.HexDatagrams.ask;
import static io.portreeve.server.HexDatagrams.client;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.control.ControlException;
import io.portreeve.server.capture.CaptureOrder;
import io.portreeve.server.control.ServerControl;
import io.portreeve.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that writes down what it hears and says. */
final class CapturedServerTest {
    private static final String ANNOUNCE = "0200000000000000" + "00000000000000000000ffff7f000001";

    @TempDir
    private Path directory;

    private PcpServer start(String... more) throws Exception {
        var lines = new ArrayList<>(List.of(
                "listen = 127.0.0.1", "port = 0", "pool = 203.0.114.1", "state-dir = " + directory.resolve("state")));
        lines.addAll(List.of(more));
        return PcpServer.start(ServerSettings.of(new Settings("test", lines)));
    }

    private String capture(String... words) throws ControlException {
        var order = new ArrayList<>(List.of("capture"));
        order.addAll(List.of(words));
        return ServerControl.ask(directory.resolve("state/control.sock"), order);
    }

    private String capture(Path file) throws ControlException {
        return capture("start", CaptureOrder.word(file));
    }

    private static String hex(Path file) throws IOException {
        return HexFormat.of().formatHex(Files.readAllBytes(file));
    }

    @Test
    void writesFromOneOrderToTheNext() throws Exception {
        var file = directory.resolve("first capture.pcap");
        try (var server = start();
                var client = client(server)) {
            ask(client, ANNOUNCE);
            assertThat(capture(file)).isEqualTo("it captures; 0 datagrams in " + file + "\n");
            assertThatThrownBy(() -> capture(directory.resolve("second.pcap")))
                    .hasMessage("it captures into " + file + "; stop that first");
            ask(client, ANNOUNCE);
            ServerControl.ask(directory.resolve("state/control.sock"), List.of("restart"));
            ask(client, ANNOUNCE.replace("0200", "0300"));
            assertThat(capture("stop")).matches("\\d+ datagrams in " + file + "\n");
            ask(client, ANNOUNCE);
            assertThat(capture()).isEqualTo("it captures nothing\n");
            assertThatThrownBy(() -> capture("stop")).hasMessage("it captures nothing");
        }
        assertThat(hex(file))
                .startsWith("a1b2c3d4")
                .containsSubsequence(ANNOUNCE, "0280000000000000", ANNOUNCE.replace("0200", "0300"), "028000010000")
                .containsOnlyOnce(ANNOUNCE);
        assertThat(directory.resolve("second.pcap")).doesNotExist();
    }

    @Test
    void mayDoSoFromTheStart() throws Exception {
        var file = directory.resolve("all.pcap");
        try (var server = start("capture = " + file);
                var client = client(server)) {
            ask(client, ANNOUNCE);
        }
        assertThat(hex(file)).containsSubsequence(ANNOUNCE, "0280000000000000");
    }

    @Test
    void saysWhyItCannot() {
        assertThatThrownBy(() -> start("capture = " + directory.resolve("none/all.pcap")))
                .isInstanceOf(CannotStartException.class)
                .hasMessage("'capture': " + directory.resolve("none/all.pcap")
                        + ": cannot be written: no such file or folder; choose another file");
    }
}
