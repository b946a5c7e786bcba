package io.portreeve.client.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NatPmpEpochTest {

    /** Before: server 1000 s, client 500 s. Each row: what comes next, and whether it may. */
    record Row(String why, long server, long client, boolean admitted) {}

    static Stream<Row> rows() {
        return Stream.of(
                new Row("both clocks agree", 1800, 1300, true),
                new Row("the server an eighth slow, and two seconds", 1698, 1300, true),
                new Row("and one more", 1697, 1300, false),
                new Row("seven eighths are no whole number", 1006, 509, true),
                new Row("one below it", 1005, 509, false),
                new Row("back by two seconds at once", 998, 500, true),
                new Row("back by three", 997, 500, false),
                new Row("restarted just now", 0, 510, false),
                new Row("restarted, and past the old value", 1010, 2500, false),
                new Row("however fast", 900_000, 510, true),
                new Row("32 bits", 0xFFFF_FFFFL, 510, true));
    }

    @ParameterizedTest
    @MethodSource("rows")
    @Proves("pcp:B-NPMP-03")
    void admits(Row row) {
        var before = new NatPmpEpoch(1000, 500);
        var next = new NatPmpEpoch(row.server(), row.client());
        assertThat(before.admits(next)).as(row.why()).isEqualTo(row.admitted());
    }
}
