package io.portreeve.runtime;

import static io.portreeve.runtime.CFunction.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CFunctionTest {
    private static final int EBADF = 9;
    private static final int CURRENT_FOLDER = -100;

    @Test
    void passesIntegersNegativeOnesToo() {
        var labs = CFunction.of("labs");
        assertThat(labs.call(value(-42), MemorySegment.NULL, MemorySegment.NULL))
                .isEqualTo(42);
    }

    @Test
    void passesPointersAndUpToFiveArguments(@TempDir Path folder) throws IOException {
        var from = Files.writeString(folder.resolve("from"), "content");
        var to = folder.resolve("to");
        try (var arena = Arena.ofConfined()) {
            int linked = CFunction.of("linkat")
                    .call(
                            value(CURRENT_FOLDER),
                            arena.allocateFrom(from.toString()),
                            value(CURRENT_FOLDER),
                            arena.allocateFrom(to.toString()),
                            value(0));
            assertThat(linked).isZero();
        }
        assertThat(to).hasContent("content");
    }

    @Test
    void tellsWhyItFailed() {
        assertThat(CFunction.of("close").call(value(-1), MemorySegment.NULL, MemorySegment.NULL))
                .isEqualTo(-EBADF);
    }
}
