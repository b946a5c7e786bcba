package io.portreeve.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.settings.Settings;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client gets from a server that has stopped at version 1. */
final class StuckVersionTest {
    private static final String MAP = "02010000 00000e10 00000000000000000000ffff7f000001 000000010000000200000003"
            + " 06000000 1f900000 00000000000000000000ffff00000000";

    @TempDir
    private Path directory;

    /** {@return the answer that comes first, to any of {@code requests}} */
    private ByteBuffer firstAnswer(String... requests) throws Exception {
        var settings = ServerSettings.of(new Settings(
                "test",
                List.of(
                        "personality = version-stuck",
                        "listen = 127.0.0.1",
                        "port = 0",
                        "pool = 203.0.114.1",
                        "state-dir = " + directory)));
        try (var server = PcpServer.start(settings);
                var socket = HexDatagrams.client(server)) {
            for (var request : requests) {
                HexDatagrams.send(socket, request);
            }
            return HexDatagrams.receive(socket);
        }
    }

    @Test
    void pcpIsToldWhichVersionThereIs() throws Exception {
        var answer = firstAnswer(MAP);
        assertThat(answer.getInt())
                .as("version 1, MAP response, UNSUPP_VERSION")
                .isEqualTo(0x01810001);
        assertThat(answer.getInt()).as("lifetime").isEqualTo(1800);
    }

    @Test
    void soIsNatPmp() throws Exception {
        assertThat(firstAnswer("0000").getInt()).isEqualTo(0x01800001);
    }

    /** Nor what is too short to be a request. */
    @Test
    void anAnswerIsNotAnswered() throws Exception {
        assertThat(firstAnswer(MAP.replaceFirst("0201", "0281"), "02", "0202").getInt())
                .isEqualTo(0x01820001);
    }
}
