package io.portreeve.server.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.ResultCode;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ServerFaultsTest {
    private final PcpTestServer server = PcpTestServer.inVirtualTime();

    @AfterEach
    void close() {
        server.close();
    }

    /** A call, and the words of docs/faults.md for it. */
    record Row(String words, UnaryOperator<ServerFaults> call) {
        @Override
        public String toString() {
            return words;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row("drop-requests=100%", faults -> faults.dropRequests(100)),
                new Row("drop-answers=30%", faults -> faults.dropAnswers(30)),
                new Row("duplicate=1%", faults -> faults.duplicate(1)),
                new Row("delay=1500ms", faults -> faults.delay(Duration.ofMillis(1500))),
                new Row("jitter=60000ms", faults -> faults.jitter(Duration.ofMinutes(1))),
                new Row("reorder=50%", faults -> faults.reorder(50)),
                new Row("refuse=NO_RESOURCES", faults -> faults.refuse(ResultCode.NO_RESOURCES)),
                new Row(
                        "refuse=NO_RESOURCES refuse-lifetime=5s",
                        faults -> faults.refuse(ResultCode.NO_RESOURCES, Duration.ofSeconds(5))),
                new Row("external=198.51.100.99", faults -> faults.external(InetAddress.ofLiteral("198.51.100.99"))),
                new Row("lifetime=3600s", faults -> faults.lifetime(Duration.ofHours(1))),
                new Row("epoch=-1000s", faults -> faults.epoch(Duration.ofSeconds(-1000))),
                new Row("epoch=+1000s", faults -> faults.epoch(Duration.ofSeconds(1000))),
                new Row("quota=0", faults -> faults.quota(0)),
                new Row("pool=exhausted", ServerFaults::exhaustPool),
                new Row("cgn-delay=500ms", faults -> faults.cgnDelay(Duration.ofMillis(500))),
                new Row("seed=-7", faults -> faults.seed(-7)),
                new Row("drop-answers=30% delay=5ms", faults -> faults.set("delay=5ms", "drop-answers=30%")),
                new Row("delay=5ms", faults -> faults.dropAnswers(30).set("drop-answers=off", "delay=5ms")),
                new Row("no faults", faults -> faults.dropAnswers(30).clear()));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void eachMethodIsItsWords(Row row) {
        assertThat(row.call().apply(server.faults())).hasToString(row.words());
    }

    @Test
    void theLifetimeOfAnEarlierRefusalIsForgotten() {
        var faults = server.faults().refuse(ResultCode.NO_RESOURCES, Duration.ofSeconds(5));
        assertThat(faults.refuse(ResultCode.NOT_AUTHORIZED)).hasToString("refuse=NOT_AUTHORIZED");
    }

    static Stream<Row> wrong() {
        return Stream.of(
                new Row("'drop-answers=101%': expected 0% to 100%, or off", faults -> faults.dropAnswers(101)),
                new Row("'drop-answers=-1%': expected 0% to 100%, or off", faults -> faults.dropAnswers(-1)),
                new Row("PT0.0000005S: expected whole milliseconds", faults -> faults.delay(Duration.ofNanos(500))),
                new Row("PT1.5S: expected whole seconds", faults -> faults.lifetime(Duration.ofMillis(1500))),
                new Row(
                        "'refuse=SUCCESS': expected an error's name or number such as NO_RESOURCES or 8, or off",
                        faults -> faults.refuse(ResultCode.SUCCESS)));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aMistakeIsToldAndChangesNothing(Row row) {
        server.faults().dropRequests(10);
        assertThatThrownBy(() -> row.call().apply(server.faults()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(row.words());
        assertThat(server.faults()).hasToString("drop-requests=10%");
    }
}
