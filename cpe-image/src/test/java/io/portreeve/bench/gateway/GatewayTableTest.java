package io.portreeve.bench.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GatewayTableTest {
    private final GatewayTable table = new GatewayTable();

    private List<String> rows() {
        return table.text().lines().skip(1).takeWhile(line -> !line.isEmpty()).toList();
    }

    @Test
    void aRateStandsBesideThatOfAnEmptyHandler() {
        table.add("asked/s", 1_600.4, 3_200, new Goal.ShareOfEmpty(2_000, 0.8));
        table.add("asked again/s", 1_599, 1_000, new Goal.ShareOfEmpty(2_000, 0.8));

        assertThat(rows())
                .containsExactly(
                        "asked/s                                            1,600     3,200   0.50       2,000   0.80  aim 0.80 of it: reached",
                        "asked again/s                                      1,599     1,000   1.60       2,000   0.80  aim 0.80 of it: below");
    }

    @Test
    void aFigureIsHeldAgainstItsAimAndItsLimit() {
        var goal = new Goal.AtMost(300, 500);
        table.add("fast", 300, 60, goal);
        table.add("slower", 500, 60.25, goal);
        table.add("slow", 500.1, 60, goal);

        assertThat(rows())
                .containsExactly(
                        "fast                                                 300        60   5.00                     aim 300, limit 500: reached",
                        "slower                                               500      60.3   8.30                     aim 300, limit 500: within the limit",
                        "slow                                                 500        60   8.34                     aim 300, limit 500: above");
    }

    @Test
    void whatIsItsOwnLimitNamesItOnce() {
        table.add("failed", 0, 0, new Goal.AtMost(0, 0));
        table.add("failed", 1, 0, new Goal.AtMost(0, 0));

        assertThat(rows())
                .containsExactly(
                        "failed                                                 0         0      -                     aim 0: reached",
                        "failed                                                 1         0      -                     aim 0: above");
    }

    @Test
    void whatHasNoAimIsNotJudged() {
        table.add("p50 ms", 2.5, 10, new Goal.None());

        assertThat(rows()).containsExactly("p50 ms                                               2.5        10   0.25");
    }
}
