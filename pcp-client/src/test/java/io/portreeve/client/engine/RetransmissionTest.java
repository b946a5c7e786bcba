package io.portreeve.client.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RetransmissionTest {
    private static final Retransmission TIMER = Retransmission.RFC_6887;

    /** In the middle of every range: no jitter at all. */
    private static final RandomGenerator NO_JITTER = new RandomGenerator() {
        @Override
        public long nextLong() {
            return 0;
        }

        @Override
        public double nextDouble(double from, double to) {
            return (from + to) / 2;
        }
    };

    @Test
    @Proves("pcp:C-RETX-01")
    void theFirstWaitIsThreeSecondsWithinTenPercent() {
        var shortest = new Duration[] {Duration.ofDays(1)};
        var longest = new Duration[] {Duration.ZERO};
        Seeds.each(10_000, random -> {
            var first = TIMER.first(random);
            assertThat(first).isBetween(Duration.ofMillis(2700), Duration.ofMillis(3300));
            shortest[0] = first.compareTo(shortest[0]) < 0 ? first : shortest[0];
            longest[0] = first.compareTo(longest[0]) > 0 ? first : longest[0];
        });
        assertThat(shortest[0]).as("spread over the range").isLessThan(Duration.ofMillis(2710));
        assertThat(longest[0]).as("spread over the range").isGreaterThan(Duration.ofMillis(3290));
    }

    @Test
    void doublesUpToItsLimitWhenThereIsNoJitter() {
        var waits = new ArrayList<Long>();
        var wait = TIMER.first(NO_JITTER);
        for (int i = 0; i < 12; i++) {
            waits.add(wait.toSeconds());
            wait = TIMER.next(wait, NO_JITTER);
        }
        assertThat(waits).containsExactly(3L, 6L, 12L, 24L, 48L, 96L, 192L, 384L, 768L, 1024L, 1024L, 1024L);
    }

    @Test
    @Proves("pcp:C-RETX-02")
    void neverWaitsLongerThanItsLimitAndTenPercent() {
        Seeds.each(1000, random -> {
            var wait = TIMER.first(random);
            for (int i = 0; i < 12; i++) {
                var next = TIMER.next(wait, random);
                long base =
                        Math.min(2 * wait.toNanos(), Duration.ofSeconds(1024).toNanos());
                assertThat((double) next.toNanos() / base).isBetween(0.9, 1.1);
                assertThat(next).isLessThanOrEqualTo(Duration.ofMillis(1_126_400));
                wait = next;
            }
        });
    }

    @Test
    void withoutALimitItDoublesForEver() {
        var timer = new Retransmission(Duration.ofSeconds(3), Duration.ZERO);
        assertThat(timer.next(Duration.ofSeconds(5000), NO_JITTER)).isEqualTo(Duration.ofSeconds(10_000));
    }
}
