package io.portreeve.client.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EpochObservationTest {

    /** What comes {@code elapsed} client seconds after {@code before}, and whether it may. */
    record Row(String why, long before, long after, long elapsed, boolean admitted) {}

    static Stream<Row> rows() {
        return Stream.of(
                new Row("both clocks agree", 1000, 1010, 10, true),
                new Row("two answers in one second", 1000, 1000, 0, true),
                new Row("reordered by one second at once, which 32 bits unsigned would refuse", 1000, 999, 0, true),
                new Row("reordered by one second", 1000, 999, 1, true),
                new Row("reordered by one second, and late", 1000, 999, 2, false),
                new Row("back by two seconds at once", 1000, 998, 0, false),
                new Row("two seconds of rounding on the client's side", 1000, 1000, 2, true),
                new Row("three are too many", 1000, 1000, 3, false),
                new Row("two seconds of rounding on the server's side", 1000, 1002, 0, true),
                new Row("three are too many there, too", 1000, 1003, 0, false),
                new Row("server just slow enough", 1000, 2498, 1600, true),
                new Row("server too slow", 1000, 2497, 1600, false),
                new Row("server just fast enough", 1000, 2708, 1600, true),
                new Row("server too fast", 1000, 2709, 1600, false),
                new Row("restarted, though the number is higher", 50, 60, 3600, false),
                new Row("an hour without a word", 10, 3650, 3600, true),
                new Row("restarted just now", 1000, 0, 10, false),
                new Row("server 6.25% fast over a day", 1000, 92_800, 86_400, true),
                new Row("client 6.25% fast over a day", 1000, 82_000, 86_400, true),
                new Row("server 10% fast", 1000, 1160, 145, false),
                new Row("client 10% fast", 1000, 1145, 160, false));
    }

    @ParameterizedTest
    @MethodSource("rows")
    @Proves({"pcp:C-EPO-02", "pcp:C-EPO-03", "pcp:C-EPO-04"})
    void admits(Row row) {
        var before = new EpochObservation(row.before(), 500);
        var next = new EpochObservation(row.after(), 500 + row.elapsed());
        assertThat(before.admits(next)).as(row.why()).isEqualTo(row.admitted());
    }
}
