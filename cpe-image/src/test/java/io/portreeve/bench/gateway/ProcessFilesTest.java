package io.portreeve.bench.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is read of a process in /proc. */
class ProcessFilesTest {
    @Test
    void theFlagsAndTheAllocatorOfAJavaProgram() throws Exception {
        var command = JavaCommand.of(
                "/jdk/bin/java\0-Xmx32m\0-Da=b c\0-cp\0/lib/*\0Main\0-x\0", "HOME=/\0MALLOC_ARENA_MAX=1\0");

        assertThat(command).containsExactly("env", "MALLOC_ARENA_MAX=1", "/jdk/bin/java", "-Xmx32m", "-Da=b c");
    }

    @Test
    void anotherProgramIsNoJava() {
        assertThatThrownBy(() -> JavaCommand.of("/usr/sbin/miniupnpd\0-f\0/etc/miniupnpd.conf\0", ""))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/usr/sbin/miniupnpd -f /etc/miniupnpd.conf");
    }

    @Test
    void theProportionalSetSize() throws Exception {
        var lines = List.of(
                "55d0-7ffe ---p 00000000 00:00 0    [rollup]",
                "Rss:               80000 kB",
                "Pss:               65536 kB",
                "Pss_Dirty:         30000 kB");

        assertThat(Rollup.pss(lines)).isEqualTo(64L << 20);
    }

    @Test
    void aKernelThatSumsUpNothing() {
        assertThatThrownBy(() -> Rollup.pss(List.of("Rss:   80000 kB", "Pss_Dirty:   1 kB")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no Pss");
    }
}
