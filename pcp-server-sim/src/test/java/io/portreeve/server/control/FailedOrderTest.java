package io.portreeve.server.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.control.ControlException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An order that meets a mistake in the program is no success, and the next one is done. */
final class FailedOrderTest {
    private static final Map<String, Order> ORDERS = Map.of("echo", words -> words + "\n", "fail", _ -> {
        throw new IllegalStateException("planted");
    });

    @TempDir
    private Path directory;

    @Test
    void itIsToldThatItFailed() throws Exception {
        var file = directory.resolve("s");
        try (var _ = ServerControl.open(file, ORDERS)) {
            assertThatThrownBy(() -> ServerControl.ask(file, List.of("fail")))
                    .isInstanceOf(ControlException.class)
                    .hasMessage("that failed by a mistake in the server; its log says more");
            assertThat(ServerControl.ask(file, List.of("echo", "x"))).isEqualTo("[x]\n");
        }
    }
}
