package io.portreeve.server.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.control.ControlException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerControlTest {

    private static String reverse(List<String> words) throws OrderRefused {
        if (words.isEmpty()) {
            throw new OrderRefused("say what");
        }
        return words.reversed() + "\n";
    }

    @Test
    void anOrderIsFollowedOrRefused(@TempDir Path directory) throws Exception {
        var file = directory.resolve("s");
        Map<String, Order> orders = Map.of("reverse", ServerControlTest::reverse, "mappings", _ -> "the table\n");
        try (var _ = ServerControl.open(file, orders)) {
            assertThat(ServerControl.mappings(file)).isEqualTo("the table\n");
            assertThat(ServerControl.ask(file, List.of("reverse", "a", "b"))).isEqualTo("[b, a]\n");
            assertThatThrownBy(() -> ServerControl.ask(file, List.of("reverse")))
                    .isInstanceOf(ControlException.class)
                    .hasMessage("say what");
            assertThatThrownBy(() -> ServerControl.ask(file, List.of("table")))
                    .isInstanceOf(ControlException.class)
                    .hasMessage("it does not know 'table'; ask: mappings, reverse");
        }
    }
}
