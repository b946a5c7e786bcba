package io.portreeve.igd.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HostLimitTest {
    private static final MonoTime NOW = MonoTime.START.plus(Duration.ofHours(1));

    private static PcpAddress host(int number) {
        return PcpAddress.ofIpv4(0x0A00_0000 + number);
    }

    private static long admitted(HostLimit limit, int host, int calls, MonoTime now) {
        return IntStream.range(0, calls)
                .filter(_ -> limit.admits(host(host), 1, now))
                .count();
    }

    @Test
    void fillsUpWithTimeAndNotBeyondWhatMayBeAtOnce() {
        var limit = new HostLimit(new Rate(10, 32), Rate.UNLIMITED);
        assertThat(admitted(limit, 1, 100, NOW)).isEqualTo(32);
        assertThat(admitted(limit, 1, 100, NOW.plus(Duration.ofSeconds(1)))).isEqualTo(10);
        assertThat(admitted(limit, 1, 100, NOW.plus(Duration.ofDays(1)))).isEqualTo(32);
    }

    @Test
    void whatAHostMayNotHaveTakesNothingFromTheOthers() {
        var limit = new HostLimit(new Rate(1, 5), new Rate(1, 8));
        assertThat(admitted(limit, 1, 100, NOW)).isEqualTo(5);
        assertThat(admitted(limit, 2, 100, NOW)).isEqualTo(3);
        assertThat(admitted(limit, 3, 100, NOW)).as("all together").isZero();
    }

    @Test
    void remembersTheHostsOfALanAndNotAllTheAddressesThereAre() {
        var limit = new HostLimit(new Rate(1, 1), Rate.UNLIMITED);
        for (int host = 0; host < 256; host++) {
            assertThat(admitted(limit, host, 2, NOW)).isEqualTo(1);
        }
        assertThat(admitted(limit, 0, 1, NOW)).isZero();
        assertThat(admitted(limit, 256, 1, NOW)).isEqualTo(1);
        assertThat(admitted(limit, 1, 1, NOW)).as("forgotten").isEqualTo(1);
        assertThat(admitted(limit, 0, 1, NOW)).as("asked since").isZero();
    }

    @Test
    void aRateIsNotNothing() {
        assertThatThrownBy(() -> new Rate(0, 1)).hasMessageContaining("1 or more");
        assertThatThrownBy(() -> new Rate(1, 0)).hasMessageContaining("1 or more");
    }
}
