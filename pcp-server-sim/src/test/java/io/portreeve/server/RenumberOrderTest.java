package io.portreeve.server;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.CgnException;
import io.portreeve.server.control.OrderRefused;
import io.portreeve.server.engine.Move;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an operator reads. */
final class RenumberOrderTest {
    private static final PcpAddress POOL = PcpAddress.parse("203.0.114.2");
    private static final List<String> WORDS = List.of("100.64.0.2", "203.0.114.2");

    private static RenumberOrder order(CompletableFuture<Move> outcome) {
        return new RenumberOrder(POOL::equals, (_, _) -> outcome);
    }

    @Test
    void whoHasMovedIsASuccess() throws OrderRefused {
        var order = order(completedFuture(new Move.Moved(3, 1)));
        assertThat(order.done(WORDS)).isEqualTo("moved: 100.64.0.2 to 203.0.114.2, mappings: 3, lost: 1\n");
        assertThat(order.done(List.of("100.64.0.2", "203.0.114.2", "json")))
                .isEqualTo("{\"subscriber\":\"100.64.0.2\",\"external\":\"203.0.114.2\",\"mappings\":3,\"lost\":1}\n");
    }

    private record Row(CompletableFuture<Move> outcome, String message) {}

    static Stream<Row> refusals() {
        return Stream.of(
                new Row(
                        completedFuture(new Move.Nobody()),
                        "100.64.0.2 has no external address yet, so there is nothing to move"),
                new Row(
                        completedFuture(new Move.RefusedByCgn(CgnError.NO_RESOURCES, 2)),
                        "the CGN does not give 203.0.114.2 to 100.64.0.2: NO_RESOURCES, it is full; mappings lost: 2"),
                new Row(
                        completedFuture(new Move.Overtaken()),
                        "not moved: the CGN does not answer, or 100.64.0.2 was deleted or moved again meanwhile; see"
                                + " 'mappings list'"),
                new Row(failedFuture(new TimeoutException()), "not answered yet; see 'mappings list'"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whoHasNotIsOneLine(Row row) {
        assertThatThrownBy(() -> order(row.outcome()).done(WORDS))
                .isInstanceOf(OrderRefused.class)
                .hasMessage(row.message());
    }

    /** As when it is another program that has gone. */
    @Test
    void nobodyMovesWhileTheCgnDoesNotSayWhatIsOfThePool() {
        var order = new RenumberOrder(
                _ -> {
                    throw new CompletionException(new CgnException(CgnError.UNREACHABLE));
                },
                (_, _) -> failedFuture(new AssertionError("nobody is to be moved")));
        assertThatThrownBy(() -> order.done(WORDS))
                .isInstanceOf(OrderRefused.class)
                .hasMessage("not moved: the CGN does not answer; try again when it does");
    }

    @Test
    void nobodyMovesForWrongWords() {
        var moved = new ArrayList<>();
        var order = new RenumberOrder(POOL::equals, (subscriber, _) -> {
            moved.add(subscriber);
            return completedFuture(new Move.Moved(0, 0));
        });
        assertThatThrownBy(() -> order.done(List.of("100.64.0.2")))
                .hasMessage("expected: renumber SUBSCRIBER EXTERNAL-ADDRESS");
        assertThatThrownBy(() -> order.done(List.of("100.64.0.2", "203.0.114.9")))
                .hasMessage("203.0.114.9 is no address of the pool");
        assertThatThrownBy(() -> order.done(List.of("100.64.0.2", "203.0.114.2", "now")))
                .hasMessage("'now' is not 'json'");
        assertThat(moved).isEmpty();
    }
}
