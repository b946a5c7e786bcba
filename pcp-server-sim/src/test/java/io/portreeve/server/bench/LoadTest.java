package io.portreeve.server.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.net.UdpEcho;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is counted is what was asked. */
final class LoadTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final List<Subscriber> subscribers = Stream.of("127.2.0.1", "127.2.0.2", "127.2.0.3")
            .map(address -> new Subscriber(PcpAddress.parse(address), new ExternalPorts()))
            .toList();

    /** {@return a source of {@code count} questions for each subscriber} */
    private static Function<Subscriber, Optional<Question>> each(
            int count, Function<Subscriber, Optional<Question>> questions) {
        Map<Subscriber, Integer> asked = new HashMap<>();
        return subscriber ->
                asked.merge(subscriber, 1, Integer::sum) > count ? Optional.empty() : questions.apply(subscriber);
    }

    @Test
    void everyAnswerCounts() throws Exception {
        try (var echo = new UdpEcho();
                var load = new Load(echo.address(), subscribers)) {
            var figure = load.run(each(5, Subscriber::echo));
            assertThat(figure.answered()).isEqualTo(15);
            assertThat(figure.p50()).isPositive();
            assertThat(figure.p99()).isGreaterThanOrEqualTo(figure.p50());
            assertThat(load.run(each(2, Subscriber::echo)).answered())
                    .as("each run begins to count anew")
                    .isEqualTo(6);
        }
    }

    /** Every datagram sent is answered or lost: of those that the server saw none is left over. */
    @Test
    void whatIsNotAnsweredIsLostAndAskedAgain() throws Exception {
        var seen = new AtomicInteger();
        try (var server = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
                var load = new Load((InetSocketAddress) server.getLocalSocketAddress(), subscribers)) {
            Thread.ofVirtual().start(() -> serve(server, seen, subscribers.size()));
            var figure = load.run(each(2, Subscriber::echo));
            assertThat(figure.answered()).isEqualTo(6);
            assertThat(figure.lost()).isGreaterThanOrEqualTo(3).isEqualTo(seen.get() - 6);
        }
    }

    /** Sends everything back but the first {@code swallowed} datagrams. */
    private static void serve(DatagramSocket server, AtomicInteger seen, int swallowed) {
        var packet = new DatagramPacket(new byte[2048], 2048);
        try {
            while (true) {
                packet.setLength(2048);
                server.receive(packet);
                if (seen.incrementAndGet() > swallowed) {
                    server.send(packet);
                }
            }
        } catch (IOException _) {
            // It is closed at the end.
        }
    }

    @Test
    void aWrongAnswerEndsIt() throws Exception {
        try (var echo = new UdpEcho();
                var load = new Load(echo.address(), subscribers)) {
            assertThatThrownBy(() -> load.run(each(2, Subscriber::create)))
                    .isInstanceOf(WrongAnswerException.class)
                    .hasMessageStartingWith("a wrong answer to create from 127.2.0.");
        }
    }
}
