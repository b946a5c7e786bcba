package io.portreeve.client.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RenewalTest {
    private static final Duration HOUR = Duration.ofHours(1);

    record Attempt(String why, int number, double from, double to) {}

    static Stream<Attempt> attempts() {
        return Stream.of(
                new Attempt("the first falls in 1/2 to 5/8", 0, 1 / 2.0, 5 / 8.0),
                new Attempt("the second in 3/4 to 13/16", 1, 3 / 4.0, 13 / 16.0),
                new Attempt("the third in 7/8 to 29/32", 2, 7 / 8.0, 29 / 32.0));
    }

    @ParameterizedTest
    @MethodSource("attempts")
    @Proves({"pcp:C-LIFE-01", "igd:I-IWFL-03"})
    void fallsIntoItsRange(Attempt attempt) {
        var extremes = new double[] {1, 0};
        Seeds.each(10_000, random -> {
            var age = Renewal.age(attempt.number(), HOUR, Duration.ofSeconds(-5), random)
                    .orElseThrow();
            double fraction = (double) age.toNanos() / HOUR.toNanos();
            assertThat(fraction).as(attempt.why()).isBetween(attempt.from(), attempt.to());
            extremes[0] = Math.min(extremes[0], fraction);
            extremes[1] = Math.max(extremes[1], fraction);
        });
        double tenth = (attempt.to() - attempt.from()) / 10;
        assertThat(extremes[0]).as("spread").isLessThan(attempt.from() + tenth);
        assertThat(extremes[1]).as("spread").isGreaterThan(attempt.to() - tenth);
    }

    @Test
    @Proves({"pcp:C-LIFE-02", "igd:I-IWFL-03"})
    void keepsFourSecondsFromTheRequestBefore() {
        Seeds.each(1000, random -> {
            var previous = Duration.ofSeconds(10);
            var age = Renewal.age(0, Duration.ofSeconds(20), previous, random).orElseThrow();
            assertThat(age).isEqualTo(Duration.ofSeconds(14));
        });
    }

    @Test
    void isNotTriedAfterTheEnd() {
        Seeds.each(
                100,
                random -> assertThat(Renewal.age(5, Duration.ofSeconds(20), Duration.ofSeconds(17), random))
                        .isEmpty());
    }
}
