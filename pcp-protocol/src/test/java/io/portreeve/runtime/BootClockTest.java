package io.portreeve.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.MonoTime;
import io.portreeve.requirements.Proves;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BootClockTest {
    private final BootClock clock = new BootClock();

    @Test
    @Proves("pcp:C-LIFE-07")
    void neverGoesBack() {
        var last = clock.now();
        for (int i = 0; i < 100_000; i++) {
            var now = clock.now();
            assertThat(now).isGreaterThanOrEqualTo(last);
            last = now;
        }
    }

    /** Both count suspend. The kernel writes hundredths, so a reading before and one after must enclose it to a second. */
    @Test
    @Proves("pcp:C-LIFE-07")
    void countsFromTheStartOfTheMachine() throws IOException {
        var before = clock.now();
        var uptime = Files.readString(Path.of("/proc/uptime")).split(" ")[0];
        var after = clock.now();
        var kernel = new MonoTime((long) (Double.parseDouble(uptime) * 1e9));
        assertThat(kernel.nanos()).isBetween(before.nanos() - 1_000_000_000L, after.nanos() + 1_000_000_000L);
    }
}
