package io.portreeve.igd.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SilencesTest {
    private static final PcpAddress ONE = PcpAddress.parse("192.168.1.10");
    private static final PcpAddress OTHER = PcpAddress.parse("192.168.1.11");
    private static final Set<PcpAddress> BOTH = Set.of(ONE, OTHER);

    private final Silences silences = new Silences(Duration.ofHours(24));

    private static MonoTime hour(int number) {
        return MonoTime.START.plus(Duration.ofHours(number));
    }

    @Test
    void aHostThatIsAwayAllTheTimeIsGone() {
        assertThat(silences.gone(BOTH, Set.of(OTHER), hour(1))).isEmpty();
        assertThat(silences.gone(BOTH, Set.of(OTHER), hour(24))).isEmpty();
        assertThat(silences.gone(BOTH, Set.of(OTHER), hour(25))).containsExactly(ONE);
        assertThat(silences.gone(BOTH, Set.of(OTHER), hour(26)))
                .as("is told once")
                .isEmpty();
        assertThat(silences.gone(BOTH, Set.of(OTHER), hour(50))).containsExactly(ONE);
    }

    @Test
    void aHostThatComesBackBeginsAnew() {
        silences.gone(BOTH, Set.of(), hour(1));
        silences.gone(BOTH, Set.of(ONE), hour(24));
        assertThat(silences.gone(BOTH, Set.of(), hour(25))).containsExactly(OTHER);
        assertThat(silences.gone(BOTH, Set.of(), hour(48))).isEmpty();
        assertThat(silences.gone(BOTH, Set.of(), hour(49))).containsExactly(ONE);
    }

    @Test
    void onlyWhoHasEntriesIsWatched() {
        silences.gone(Set.of(), Set.of(), hour(1));
        assertThat(silences.gone(Set.of(ONE), Set.of(), hour(25))).isEmpty();
        silences.gone(Set.of(), Set.of(), hour(26));
        assertThat(silences.gone(Set.of(ONE), Set.of(), hour(49))).isEmpty();
    }
}
