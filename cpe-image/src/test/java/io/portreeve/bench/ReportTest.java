package io.portreeve.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Figure FIGURE = new Figure(1_234, 5.5, 60.25);

    private final List<Measurement> measured = new ArrayList<>();

    private void measure(String what, int tableSize, double requests) {
        measured.add(new Measurement(new Subject(what, tableSize, 8), requests, FIGURE, FIGURE, 0));
    }

    private List<String> lines() {
        return new Report(measured).text().lines().toList();
    }

    private List<String> expectations() {
        return lines().stream().filter(line -> line.startsWith("chain at ")).toList();
    }

    @Test
    void aLineForEachSubjectInTheOrderOfTheMeasurements() {
        measure(Subject.CHAIN, 100, 1_000);
        measure(Subject.MINIUPNPD, 100, 500);
        measure(Subject.CHAIN, 100, 3_000);
        measure(Subject.MINIUPNPD, 100, 500);

        assertThat(lines().subList(2, 5))
                .containsExactly(
                        "chain              100       8     2,000 |    1,234    5.500   60.250 |    1,234    5.500   60.250 |       4.0",
                        "miniupnpd          100       8       500 |    1,234    5.500   60.250 |    1,234    5.500   60.250 |",
                        "");
    }

    @Test
    void failuresStandBehindTheirLine() {
        measured.add(new Measurement(new Subject("MockCgn", 10, 1), 7, FIGURE, FIGURE, 3));

        assertThat(lines().get(2)).endsWith("|            3 failed");
    }

    @Test
    void unequalTablesAreNotCompared() {
        measure(Subject.CHAIN, 10_000, 1_000);
        measure(Subject.MINIUPNPD, 3_412, 10);

        assertThat(lines().get(2)).endsWith("|         -");
        assertThat(lines().get(3)).startsWith("miniupnpd        3,412 ");
    }

    @Test
    void saysWhatWasExpectedAndWhatWasNotReached() {
        measure(Subject.CHAIN, 10, 1_000);
        measure(Subject.CHAIN, 100, 900);
        measure(Subject.MINIUPNPD, 100, 500);
        measure(Subject.CHAIN, 1_000, 700);
        measure(Subject.MINIUPNPD, 1_000, 100);

        assertThat(expectations())
                .containsExactly(
                        "chain at 100, 8 at once: 1.8 times miniupnpd (expected 1.5)",
                        "chain at 1,000, 8 at once: 7.0 times miniupnpd (expected 10.0): below",
                        "chain at 1,000, 8 at once: 0.7 times itself at 10 (expected 0.8): below");
    }

    @Test
    void whatWasNotMeasuredIsNotJudged() {
        measure(Subject.CHAIN, 100, 900);
        measure(Subject.MINIUPNPD, 10, 500);

        assertThat(expectations()).isEmpty();
    }
}
