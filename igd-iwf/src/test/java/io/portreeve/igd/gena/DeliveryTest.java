package io.portreeve.igd.gena;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.gena.GenaEvent.Outcome;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Subscribers on 127.0.0.2, a gateway on 127.0.0.1. */
class DeliveryTest {
    private static final ScopedAddress GATEWAY = new ScopedAddress(PcpAddress.parse("127.0.0.1"), 0);
    private static final PcpAddress SUBSCRIBER = PcpAddress.parse("127.0.0.2");
    private static final Duration PATIENT = Duration.ofSeconds(30);
    private static final Duration IMPATIENT = Duration.ofMillis(50);
    private static final int TEN_SECONDS = 10_000;

    private ServerSocket subscriber;

    @BeforeEach
    void open() throws IOException {
        subscriber = listening();
    }

    private static ServerSocket listening() throws IOException {
        var listening = new ServerSocket(0, 50, SUBSCRIBER.toInetAddress());
        listening.setSoTimeout(TEN_SECONDS);
        return listening;
    }

    @AfterEach
    void close() throws IOException {
        subscriber.close();
    }

    private static Notification event(int port) {
        return new Notification(
                "uuid:1", 0, GATEWAY, new CallbackUrl(SUBSCRIBER, port, "/cb"), Play.variables("Entries", "1"));
    }

    private static CompletableFuture<Outcome> send(Duration limit, int port) {
        var outcome = new CompletableFuture<Outcome>();
        new Delivery(limit).send(event(port), outcome::complete);
        return outcome;
    }

    private static Outcome of(CompletableFuture<Outcome> outcome) throws Exception {
        return outcome.get(TEN_SECONDS, TimeUnit.MILLISECONDS);
    }

    @Test
    @Proves("igd:X11")
    void sendsTheEventFromTheLanAddress() throws Exception {
        var outcome = send(PATIENT, subscriber.getLocalPort());
        try (var connection = subscriber.accept()) {
            assertThat(connection.getInetAddress()).isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
            var expected = event(subscriber.getLocalPort()).write();
            assertThat(connection.getInputStream().readNBytes(expected.length)).isEqualTo(expected);
            write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            assertThat(connection.getInputStream().read())
                    .as("hangs up, though we do not")
                    .isEqualTo(-1);
        }
        assertThat(of(outcome)).isEqualTo(Outcome.ACCEPTED);
    }

    record Row(String why, String answer, Outcome outcome) {}

    static Stream<Row> answers() {
        return Stream.of(
                new Row("as usual", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Outcome.ACCEPTED),
                new Row("an older HTTP", "HTTP/1.0 200 OK\r\n\r\n", Outcome.ACCEPTED),
                new Row("no reason", "HTTP/1.1 200\r\n\r\n", Outcome.ACCEPTED),
                new Row("nothing after the status", "HTTP/1.1 200 OK", Outcome.ACCEPTED),
                new Row("another success", "HTTP/1.1 204 No Content\r\n\r\n", Outcome.ACCEPTED),
                new Row("it does not know us", "HTTP/1.1 412 Precondition Failed\r\n\r\n", Outcome.UNKNOWN_THERE),
                new Row("not there", "HTTP/1.1 404 Not Found\r\n\r\n", Outcome.FAILED),
                new Row("broken", "HTTP/1.1 500 Internal Server Error\r\n\r\n", Outcome.FAILED),
                new Row("no HTTP", "SSH-2.0-OpenSSH_9.2\r\n", Outcome.FAILED),
                new Row("no status", "HTTP/1.1 2000 OK\r\n\r\n", Outcome.FAILED),
                new Row("nothing", "", Outcome.FAILED));
    }

    @ParameterizedTest
    @MethodSource("answers")
    @Proves("igd:I-GENA-08")
    void understands(Row row) throws Exception {
        var outcome = send(PATIENT, subscriber.getLocalPort());
        answer(row.answer());
        assertThat(of(outcome)).as(row.why()).isEqualTo(row.outcome());
    }

    private void answer(String text) throws IOException {
        try (var connection = subscriber.accept()) {
            connection
                    .getInputStream()
                    .readNBytes(event(subscriber.getLocalPort()).write().length);
            write(connection, text);
        }
    }

    @Test
    @Proves("rel:T-16")
    void followsNoRedirect() throws Exception {
        try (var victim = listening()) {
            var outcome = send(PATIENT, subscriber.getLocalPort());
            answer("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2:" + victim.getLocalPort() + "/\r\n\r\n");
            assertThat(of(outcome)).isEqualTo(Outcome.FAILED);

            try (var probe = new Socket(SUBSCRIBER.toInetAddress(), victim.getLocalPort());
                    var first = victim.accept()) {
                assertThat(first.getPort()).as("the first to come is the probe").isEqualTo(probe.getLocalPort());
            }
        }
    }

    @Test
    @Proves("rel:T-16")
    void readsNoEndlessAnswer() throws Exception {
        var outcome = send(PATIENT, subscriber.getLocalPort());
        try (var connection = subscriber.accept()) {
            write(connection, "HTTP/1.1 200 OK\r\nX: ");
            for (int i = 0; i < 1_000_000; i++) {
                write(connection, "x".repeat(1_000));
            }
            throw new AssertionError("it has read a gigabyte");
        } catch (SocketException e) {
            assertThat(of(outcome)).isEqualTo(Outcome.ACCEPTED);
        }
    }

    @Test
    @Proves({"rel:T-16", "igd:I-GENA-08"})
    void givesUpWhoDoesNotAnswer() throws Exception {
        assertThat(of(send(IMPATIENT, subscriber.getLocalPort()))).isEqualTo(Outcome.FAILED);
    }

    @Test
    @Proves("rel:T-16")
    void givesUpWhoAnswersInDrops() throws Exception {
        var outcome = send(IMPATIENT, subscriber.getLocalPort());
        try (var connection = subscriber.accept()) {
            while (!outcome.isDone()) {
                write(connection, "H");
                Thread.onSpinWait();
            }
        } catch (SocketException e) {
            // it has hung up on us
        }
        assertThat(of(outcome)).isEqualTo(Outcome.FAILED);
    }

    /** The kernel answers for a program that does not accept until its queue is full; then a connection comes to nothing. */
    @Test
    @Proves("rel:T-16")
    void givesUpWhoDoesNotAccept() throws Exception {
        try (var full = new ServerSocket(0, 1, SUBSCRIBER.toInetAddress())) {
            var outcomes = Stream.generate(() -> send(IMPATIENT, full.getLocalPort()))
                    .limit(10)
                    .toList();
            for (var outcome : outcomes) {
                assertThat(of(outcome)).isEqualTo(Outcome.FAILED);
            }
        }
    }

    @Test
    @Proves("rel:T-16")
    void letsNobodyWaitForAnother() throws Exception {
        var stuck = Stream.generate(() -> send(PATIENT, subscriber.getLocalPort()))
                .limit(40)
                .toList();
        try (var quick = listening()) {
            var outcome = send(PATIENT, quick.getLocalPort());
            try (var connection = quick.accept()) {
                write(connection, "HTTP/1.1 200 OK\r\n\r\n");
                assertThat(of(outcome)).isEqualTo(Outcome.ACCEPTED);
            }
        }
        assertThat(stuck).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void noticesThatNobodyIsThere() throws Exception {
        subscriber.close();
        assertThat(of(send(PATIENT, subscriber.getLocalPort()))).isEqualTo(Outcome.FAILED);
    }

    private static void write(Socket connection, String text) throws IOException {
        connection.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
