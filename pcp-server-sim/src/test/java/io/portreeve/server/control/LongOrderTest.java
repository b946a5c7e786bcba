package io.portreeve.server.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.control.ControlException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is longer than the control socket takes is refused, and not done by half. */
final class LongOrderTest {
    private static final String TOO_LONG =
            "that is longer than 1023 octets, and was not done; say less at once, or name a file by a shorter path";

    private final List<String> heard = new ArrayList<>();
    private final Map<String, Order> orders = Map.of("echo", words -> {
        heard.addAll(words);
        return "heard\n";
    });

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void file() {
        file = directory.resolve("s");
    }

    /** {@return an order of so many octets} Most of its characters have two. */
    private static List<String> words(int octets) {
        int left = octets - "echo ".length();
        return List.of("echo", "é".repeat(left / 2) + "x".repeat(left % 2));
    }

    @Test
    void itIsNotSaid() throws Exception {
        try (var _ = ServerControl.open(file, orders)) {
            assertThatThrownBy(() -> ServerControl.ask(file, words(1024)))
                    .isInstanceOf(ControlException.class)
                    .hasMessage(TOO_LONG);
            assertThat(ServerControl.ask(file, words(1023))).isEqualTo("heard\n");
        }
        assertThat(heard).containsExactly(words(1023).getLast());
    }

    /** The socket cuts what is longer. */
    @Test
    void whoSaysItAllTheSameIsRefused() throws Exception {
        try (var _ = ServerControl.open(file, orders);
                var connection = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
            Channels.newOutputStream(connection)
                    .write(String.join(" ", words(1024)).getBytes(StandardCharsets.UTF_8));
            assertThat(Channels.newInputStream(connection).readAllBytes())
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("error: " + TOO_LONG + "\n");
        }
        assertThat(heard).isEmpty();
    }
}
