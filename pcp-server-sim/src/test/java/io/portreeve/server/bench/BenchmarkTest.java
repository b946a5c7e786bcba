package io.portreeve.server.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BenchmarkTest {

    /** A wrong answer of the server would have ended it. */
    @Test
    void measuresEveryKindAndLeavesNothingBehind(@TempDir Path directory) throws Exception {
        var plan = new Plan(4, 2, Duration.ofMillis(50));
        var report = Benchmark.run(plan, directory);
        assertThat(directory).isEmptyDirectory();
        assertThat(report.figures()).containsOnlyKeys(Kind.values());
        assertThat(report.figures().values()).allSatisfy(figure -> {
            assertThat(figure.answered()).isPositive();
            assertThat(figure.p99()).isGreaterThanOrEqualTo(figure.p50()).isPositive();
        });
        assertThat(report.figures().get(Kind.DELETE).answered())
                .isLessThanOrEqualTo(report.figures().get(Kind.CREATE).answered());
        assertThat(report.text().lines())
                .hasSize(2 + Kind.values().length)
                .anySatisfy(line -> assertThat(line).startsWith("UDP echo").contains(" 1.000 "))
                .last()
                .isEqualTo("medians of 2 rounds of 50 ms for each kind, 4 requests outstanding");
    }

    @Test
    void programsReadFiguresByTheirNames() {
        var figures = new EnumMap<Kind, Figure>(Kind.class);
        for (var kind : Kind.values()) {
            figures.put(kind, new Figure(10, 2.5, 0.5, 1.5, 1));
        }
        assertThat(Json.of(new Report(new Plan(4, 2, Duration.ofMillis(50)), figures).values()))
                .startsWith(
                        "{\"UDP echo\":{\"answered\":10,\"per-second\":2.5,\"p50-ms\":0.5,\"p99-ms\":1.5,\"lost\":1},\"MAP create\":");
        var part = new TableReport.Part(2.25, new Figure(10, 2.5, 0.5, 1.5, 1));
        assertThat(Json.of(new TableReport(new TablePlan(10), List.of(part), 7, 8, 10, 0.5).values()))
                .isEqualTo(
                        "{\"mappings\":10,\"parts\":[{\"answered\":10,\"per-second\":2.25,\"p50-ms\":0.5,\"p99-ms\":1.5,\"lost\":1}],"
                                + "\"heap-octets\":7,\"heap-limit-octets\":8,\"restored\":10,\"restart-seconds\":0.5}");
    }

    @Test
    void theMiddleRoundCounts() {
        var median = Figure.median(
                List.of(new Figure(10, 5, 3, 9, 0), new Figure(20, 1, 1, 7, 2), new Figure(30, 3, 2, 8, 1)));
        assertThat(median).isEqualTo(new Figure(60, 3, 2, 8, 3));
    }

    @Test
    void percentilesAreRequestsThatWereMade() {
        var tally = new Tally();
        for (int i = 2000; i > 0; i--) {
            tally.answered(i * 1_000_000L);
        }
        tally.lost();
        assertThat(tally.figure(4)).isEqualTo(new Figure(2000, 500, 1000, 1980, 1));
        assertThat(new Tally().figure(1)).isEqualTo(new Figure(0, 0, 0, 0, 0));
    }
}
