package io.portreeve.server.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TableBenchmarkTest {

    /** A wrong answer of the server, before or after its restart, would have ended it. */
    @Test
    void fillsATableAndStartsAgainWithIt(@TempDir Path directory) throws Exception {
        var progress = new ArrayList<String>();
        var report = TableBenchmark.run(new TablePlan(1000), directory, progress::add);
        assertThat(directory).isEmptyDirectory();
        assertThat(progress).hasSize(11).contains("1,000 of 1,000 mappings");
        assertThat(report.parts()).hasSize(10).allSatisfy(part -> {
            assertThat(part.perSecond()).isPositive();
            assertThat(part.figure().answered()).isEqualTo(100);
        });
        assertThat(report.restored()).isEqualTo(1000);
        assertThat(report.text().lines())
                .hasSize(13)
                .anySatisfy(line -> assertThat(line).startsWith(" 90 % to 100 % "))
                .anySatisfy(
                        line -> assertThat(line).contains("1,000 mappings of 100 subscribers are 99.8 % of the pool"));
    }

    @Test
    void aMillionMappingsLeaveOneOfAThousandPorts() {
        var plan = new TablePlan(1_000_000);
        assertThat(plan.poolUse()).isBetween(0.998, 1.0);
        assertThat(plan.pool()).containsExactly("pool = 203.0.114.1-203.0.114.17", "pool-ports = 1024-59914");
    }
}
