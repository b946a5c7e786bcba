package io.portreeve.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.control.ControlClient;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerControlTest {

    @Test
    void whoAsksSomethingElseIsToldWhatToAsk(@TempDir Path directory) throws Exception {
        var file = directory.resolve("s");
        try (var _ = ServerControl.open(file, () -> "the table\n")) {
            assertThat(ServerControl.mappings(file)).isEqualTo("the table\n");
            assertThat(ControlClient.ask(file, "table")).isEqualTo("no such question; ask: mappings\n");
        }
    }
}
