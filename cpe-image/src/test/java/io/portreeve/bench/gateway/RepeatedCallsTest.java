package io.portreeve.bench.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class RepeatedCallsTest {
    @Test
    void eachCallerCallsOnceAtLeast() {
        Set<Integer> callers = ConcurrentHashMap.newKeySet();

        assertThat(RepeatedCalls.perSecond(callers::add, 3, Duration.ZERO)).isPositive();
        assertThat(callers).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void aCallThatFailsIsNone() {
        double rate = RepeatedCalls.perSecond(
                _ -> {
                    throw new IOException("refused");
                },
                2,
                Duration.ZERO);

        assertThat(rate).isZero();
    }
}
