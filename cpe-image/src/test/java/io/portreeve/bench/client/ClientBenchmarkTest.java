package io.portreeve.bench.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClientBenchmarkTest {
    private static final ClientPlan SMALL =
            new ClientPlan(40, Duration.ofSeconds(1), 100, Duration.ofMillis(1), Duration.ZERO);

    /** Who is not granted, or not answered, ends it. */
    @Test
    void measuresRenewalsOfTheClientThatRuns(@TempDir Path directory) throws Exception {
        var renewing = Renewing.measure(SMALL, directory);
        assertThat(renewing.client().exchanges()).isGreaterThanOrEqualTo(40);
        assertThat(renewing.client().cpuNanos()).isPositive();
        assertThat(renewing.bare().exchanges()).isEqualTo(40);
        assertThat(renewing.bare().cpuNanos()).isPositive();
    }

    @Test
    void measuresTheClientThatHasNothingToDo(@TempDir Path directory) throws Exception {
        var idling = Idling.measure(SMALL, directory);
        assertThat(idling.clientThreads()).isGreaterThan(idling.bareThreads());
    }

    @Test
    void measuresTheComparisonWithTheServer(@TempDir Path directory) throws Exception {
        assertThat(Auditing.measure(50, directory).text().lines()).hasSize(4);
    }

    /** Nobody waits for what cannot come any more. */
    @Test
    void aProcessThatEndsEndsTheMeasurement() throws Exception {
        var ended = MeasuredProcess.start(IdleJvm.class);
        ended.close();
        try (var server = new GrantingServer()) {
            assertThatThrownBy(() -> ended.await(server.hasGranted(1))).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anHourIsSoManyRenewals() {
        var client = new Exchanges.Cost(10_000, 10_000_000_000L);
        var bare = new Exchanges.Cost(9_000, 1_800_000_000L);
        assertThat(new Renewing(ClientPlan.FULL, Duration.ofMillis(64_900), client, bare)
                        .text()
                        .lines())
                .hasSize(5)
                .contains("the client, its threads and store       10,000    10.00      1.000         8.9     5.0")
                .contains("such exchanges alone, as often           9,000     1.80      0.200         1.8     1.0")
                .anyMatch(line -> line.startsWith("Seen for 64 s, with 10,000 mappings of 120 s."));
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
