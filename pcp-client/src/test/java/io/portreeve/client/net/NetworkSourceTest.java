package io.portreeve.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.net.InterfaceAddress.Scope;
import io.portreeve.client.net.Link.Property;
import io.portreeve.testing.Await;
import io.portreeve.testing.OwnNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two ways to look at the same network. */
@ExtendWith(OwnNetwork.class)
class NetworkSourceTest {
    private static final int MANY = 1000;

    @Test
    void bothSeeTheSame() throws Exception {
        Ip.batch("""
                link add name eth0 index 10 type veth peer name far0 index 11
                link set far0 up
                link set eth0 up
                address add 192.0.2.2/25 dev eth0
                address add 192.0.2.201/25 dev far0
                address add 198.51.100.7/24 dev eth0
                address add 2001:db8::2/64 dev eth0 nodad
                address add 2001:db8::3/128 dev eth0 nodad preferred_lft 0
                address add fd00::3/64 dev eth0 nodad
                route add default via 192.0.2.1 metric 4000000000
                route add default via 192.0.2.9
                route add default dev eth0 metric 9
                route add 203.0.113.0/24 via 192.0.2.1
                route add default via fe80::1 dev eth0 metric 1000
                route add default dev eth0 from 2001:db8::/64 metric 4000000000
                route add 2001:db8:1::/48 via fe80::1 dev eth0
                route add unreachable default metric 10
                """);
        try (var told = RoutingSocket.open();
                var seen = new PolledNetwork(Duration.ofDays(1))) {
            Await.until(
                    "all addresses are their own",
                    () -> told.read().links().stream().allMatch(link -> link.is(Property.RUNNING))
                            && told.read().addresses().stream()
                                    .noneMatch(it -> it.is(InterfaceAddress.Condition.TENTATIVE)));
            assertThat(seen.read()).isEqualTo(told.read());
            assertThat(seen.read().defaultRoutes()).hasSize(5);
        }
    }

    @Test
    void aLinkThatIsDownIsSeenAsSuch() throws Exception {
        Ip.batch("""
                link add name eth0 index 10 type veth peer name far0 index 11
                address add 192.0.2.2/25 dev eth0
                address add 192.0.2.201/25 dev far0
                """);
        try (var told = RoutingSocket.open();
                var seen = new PolledNetwork(Duration.ofDays(1))) {
            assertThat(seen.read()).isEqualTo(told.read());
            assertThat(seen.read().link(10))
                    .hasValueSatisfying(link -> assertThat(link.is(Property.UP)).isFalse());
        }
    }

    @Test
    void whatIsPolledIsToldWhenItChanges() throws Exception {
        var states = new CopyOnWriteArrayList<NetworkState>();
        var source = new PolledNetwork(Duration.ofMillis(1));
        try (var _ = RouteWatcher.start(source, states::add, failure -> {
            throw new AssertionError(failure);
        })) {
            Await.until("the first is told", () -> !states.isEmpty());
            Ip.batch("route add default dev lo");
            Await.until(
                    "the route is told", () -> !states.getLast().defaultRoutes().isEmpty());
        }
        assertThat(states).hasSize(2);
    }

    /** As one of a provider's many, or of a container host's. */
    @Test
    void aRouteThatLeadsToSomePlaceOnlyIsNoReasonToRead() throws Exception {
        var reads = new AtomicInteger();
        var states = new CopyOnWriteArrayList<NetworkState>();
        var source = new Counting(RoutingSocket.open(), reads);
        try (var _ = RouteWatcher.start(source, states::add, failure -> {
            throw new AssertionError(failure);
        })) {
            Await.until("the first state is told", () -> !states.isEmpty());
            Ip.batch("""
                    route add 198.51.100.0/24 dev lo
                    route del 198.51.100.0/24 dev lo
                    route add default dev lo
                    """);
            Await.until("the default route is told", () -> states.size() == 2);
        }
        assertThat(reads).hasValue(2);
    }

    private record Counting(NetworkSource source, AtomicInteger reads) implements NetworkSource {
        @Override
        public NetworkState read() throws IOException {
            reads.incrementAndGet();
            return source.read();
        }

        @Override
        public boolean await() throws IOException {
            return source.await();
        }

        @Override
        public void wake() {
            source.wake();
        }

        @Override
        public void close() {
            source.close();
        }
    }

    /**
     * An answer of several parts, between which an address before the next part's first goes, so that this is left out: those of
     * scope host come before the others. There is never more than one.
     */
    @Test
    void whatChangesDuringTheAnswerIsAskedAgain() throws Exception {
        Ip.batch(lines(MANY, i -> "address add 10.0.%d.%d/32 dev lo".formatted(i / 250, i % 250)));
        var enough = new AtomicBoolean();
        var changing = Thread.ofPlatform().start(() -> {
            while (!enough.get()) {
                change();
            }
        });
        try (var source = RoutingSocket.open()) {
            for (int i = 0; i < 200; i++) {
                var read = source.read().addresses().stream()
                        .collect(Collectors.partitioningBy(it -> it.scope() == Scope.GLOBAL));
                assertThat(read.get(true)).as("those that stay").hasSize(MANY);
                assertThat(read.get(false)).as("::1, 127.0.0.1 and the one").hasSizeLessThanOrEqualTo(3);
            }
        } finally {
            enough.set(true);
            changing.join();
        }
    }

    private static void change() {
        try {
            Ip.batch(lines(
                    400,
                    i -> "address %s 127.0.0.%d/32 dev lo scope host"
                            .formatted(i % 2 == 0 ? "add" : "del", 2 + i / 2)));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String lines(int count, IntFunction<String> line) {
        return IntStream.range(0, count).mapToObj(line).collect(Collectors.joining("\n"));
    }
}
