package io.portreeve.bench.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClientBenchmarkTest {

    /** Who is not granted, or not answered, ends it. */
    @Test
    void measuresTheClientThatRuns(@TempDir Path directory) throws Exception {
        var plan = new ClientPlan(40, Duration.ofSeconds(5), 100, Duration.ofMillis(500), Duration.ofMillis(100));
        var renewing = Renewing.measure(plan, directory);
        assertThat(renewing.client().exchanges()).isPositive();
        assertThat(renewing.client().cpuNanos()).isPositive();
        assertThat(renewing.bare().exchanges()).isPositive();
        assertThat(renewing.bare().cpuNanos()).isPositive();
        var idling = Idling.measure(plan, directory);
        assertThat(idling.clientThreads()).isGreaterThan(idling.bareThreads());
        assertThat(Auditing.measure(50, directory).text().lines()).hasSize(4);
    }

    @Test
    void anHourIsSoManyRenewals() {
        var client = new Exchanges.Cost(10_000, 10_000_000_000L);
        var bare = new Exchanges.Cost(9_000, 1_800_000_000L);
        assertThat(new Renewing(ClientPlan.FULL, client, bare).text().lines())
                .hasSize(5)
                .contains("the client, its threads and store       10,000    10.00      1.000         8.9     5.0")
                .contains("such exchanges alone, as often           9,000     1.80      0.200         1.8     1.0");
    }

    @Test
    void aMinuteIsSoManyWakeUps() {
        var idling = new Idling(ClientPlan.FULL, 12, new Usage.Spent(2_000_000_000L, 5), 9, Usage.Spent.NOTHING);
        assertThat(idling.text().lines())
                .hasSize(4)
                .contains("the client                                    12            15      6000.0")
                .contains("a JVM that does nothing                        9             0         0.0");
    }
}
