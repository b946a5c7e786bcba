package io.portreeve.server;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.control.OrderRefused;
import io.portreeve.server.engine.Addition;
import io.portreeve.server.engine.MappingView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an operator reads. */
final class AddOrderTest {
    private static final List<String> WORDS = List.of("tcp", "100.64.0.2", "192.168.1.10:80", "203.0.114.1:8080");

    private static String said(Addition outcome, List<String> words) throws OrderRefused {
        return new AddOrder((_, _, _, _) -> completedFuture(outcome)).done(words);
    }

    private static List<String> json() {
        return Stream.concat(WORDS.stream(), Stream.of("json")).toList();
    }

    @Test
    void whatIsThereIsASuccess() throws OrderRefused {
        assertThat(said(new Addition.Added(), WORDS)).isEqualTo("added: TCP 192.168.1.10:80 at 203.0.114.1:8080\n");
        assertThat(said(new Addition.WasThere(), WORDS))
                .isEqualTo("it is there already: TCP 192.168.1.10:80 at 203.0.114.1:8080\n");
        assertThat(said(new Addition.Added(), json()))
                .isEqualTo("{\"added\":true,\"subscriber\":\"100.64.0.2\",\"protocol\":\"TCP\","
                        + "\"internal\":\"192.168.1.10:80\",\"external\":\"203.0.114.1:8080\"}\n");
        assertThat(said(new Addition.WasThere(), json())).startsWith("{\"added\":false,");
    }

    private record Row(Addition outcome, String message) {}

    static Stream<Row> refusals() {
        return Stream.of(
                new Row(
                        new Addition.InTheWay(view(new Lifetime(3599), "100.64.0.2:49152")),
                        "in the way: TCP 192.168.1.10:80 at 203.0.114.1:8081, asked for by 100.64.0.2:49152, 3599 s left"),
                new Row(
                        new Addition.InTheWay(view(Lifetime.INFINITE, "100.64.0.2:1")),
                        "in the way: TCP 192.168.1.10:80 at 203.0.114.1:8081, which was added before"),
                new Row(
                        new Addition.Busy(),
                        "TCP 192.168.1.10:80 at 203.0.114.1:8080: one of these ports is just being given or taken"
                                + " away; try again"),
                new Row(new Addition.NotOfPool(), "203.0.114.1:8080 is no TCP port of the pool"),
                new Row(
                        new Addition.RefusedByCgn(CgnError.NO_RESOURCES),
                        "the CGN refuses TCP 192.168.1.10:80 at 203.0.114.1:8080: NO_RESOURCES, it is full"),
                new Row(new Addition.NotSaved(), "not added: it could not be saved; the server's log says why"),
                new Row(
                        new Addition.Overtaken(),
                        "not added: the CGN does not answer, or the subscriber was deleted or moved meanwhile; see"
                                + " 'mappings list'"));
    }

    private static MappingView view(Lifetime left, String askedBy) {
        return new MappingView(
                IpProtocol.TCP,
                Endpoint.parse("192.168.1.10:80"),
                Endpoint.parse("203.0.114.1:8081"),
                left,
                Endpoint.parse(askedBy));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whatIsNotThereIsOneLine(Row row) {
        assertThatThrownBy(() -> said(row.outcome(), WORDS))
                .isInstanceOf(OrderRefused.class)
                .hasMessage(row.message());
        assertThatThrownBy(() -> said(row.outcome(), json()))
                .isInstanceOf(OrderRefused.class)
                .hasMessage(row.message());
    }

    @ParameterizedTest
    @EnumSource(CgnError.class)
    void eachErrorIsNamedAndExplained(CgnError error) {
        assertThatThrownBy(() -> said(new Addition.RefusedByCgn(error), WORDS))
                .hasMessageMatching(
                        "the CGN refuses TCP 192.168.1.10:80 at 203.0.114.1:8080: " + error + ", [a-z' ,;]+");
    }

    @Test
    void whoIsNotAnsweredIsTold() {
        var order = new AddOrder((_, _, _, _) -> failedFuture(new TimeoutException()));
        assertThatThrownBy(() -> order.done(WORDS))
                .isInstanceOf(OrderRefused.class)
                .hasMessage("not answered yet; see 'mappings list'");
    }

    @Test
    void nothingIsAddedForWrongWords() {
        var added = new ArrayList<>();
        var order = new AddOrder((_, _, _, external) -> {
            added.add(external);
            return completedFuture(new Addition.Added());
        });
        var tooMany = Stream.concat(json().stream(), Stream.of("more")).toList();
        assertThatThrownBy(() -> order.done(tooMany)).hasMessage("unexpected: more");
        assertThatThrownBy(() -> order.done(WORDS.subList(0, 3)))
                .hasMessage("expected: add PROTOCOL SUBSCRIBER INTERNAL-ADDRESS:PORT EXTERNAL-ADDRESS:PORT");
        assertThat(added).isEmpty();
    }
}
