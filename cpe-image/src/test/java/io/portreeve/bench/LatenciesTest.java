package io.portreeve.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    private static Latencies milliseconds(LongStream each) {
        var latencies = new Latencies();
        each.forEach(one -> latencies.add(1_000_000 * one));
        return latencies;
    }

    @Test
    void percentilesAreCallsThatWereMade() {
        var figure = milliseconds(LongStream.rangeClosed(1, 200)).figure(new Latencies(), 1);

        assertThat(figure.p50()).isEqualTo(100);
        assertThat(figure.p99()).isEqualTo(198);
    }

    @Test
    void oneCallIsAllPercentiles() {
        var figure = milliseconds(LongStream.of(7)).figure(new Latencies(), 1);

        assertThat(figure.p50()).isEqualTo(7);
        assertThat(figure.p99()).isEqualTo(7);
    }

    @Test
    void callsOfAnotherKindTakeTheirShareOfTheTime() {
        var creates = milliseconds(LongStream.of(30, 30));
        var deletes = milliseconds(LongStream.of(10, 10));

        assertThat(creates.figure(deletes, 4).perSecond()).isEqualTo(2 / 3.0);
        assertThat(deletes.figure(creates, 4).perSecond()).isEqualTo(2.0);
    }

    @Test
    void withoutCallsAllIsZero() {
        var figure = new Latencies().figure(milliseconds(LongStream.of(1)), 1);

        assertThat(figure).isEqualTo(new Figure(0, 0, 0));
        assertThat(new Latencies().figure(new Latencies(), 1)).isEqualTo(new Figure(0, 0, 0));
    }
}
