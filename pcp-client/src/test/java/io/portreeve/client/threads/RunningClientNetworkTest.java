package io.portreeve.client.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.client.ClientSettings;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.PcpClientException;
import io.portreeve.client.PcpServer;
import io.portreeve.client.ServerAddress;
import io.portreeve.client.ServerView;
import io.portreeve.client.net.Ip;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.runtime.BootClock;
import io.portreeve.testing.Await;
import io.portreeve.testing.OwnNetwork;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A host with nothing configured, and its providers. Renewals come after an hour at the earliest: nothing here is one. */
@ExtendWith(OwnNetwork.class)
class RunningClientNetworkTest {
    private static final MappingKey KEY = new MappingKey(Optional.empty(), IpProtocol.TCP, 8080, PcpAddress.ANY_IPV4);

    @TempDir
    private Path folder;

    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private Provider first;
    private Provider second;

    @BeforeEach
    void plugIn() throws Exception {
        first = new Provider("eth0", 10, "192.0.2.1/24", "2001:db8:1::1/64");
        first.serve("192.0.2.1, 2001:db8:1::1", folder.resolve("first"));
        second = new Provider("eth1", 11, "198.51.100.1/24");
        second.serve("198.51.100.1", folder.resolve("second"));
        Ip.batch("""
                address add 192.0.2.2/24 dev eth0
                address add 198.51.100.2/24 dev eth1
                route add default via 192.0.2.1
                """);
    }

    @AfterEach
    void pullOut() {
        first.close();
        second.close();
        assertThat(failures).isEmpty();
    }

    private RunningClient open(PcpServer... configured) throws Exception {
        var settings = new ClientSettings(
                List.of(configured), List.of(), folder.resolve("mappings.db"), Duration.ZERO, Optional.empty());
        return RunningClient.open(settings, new BootClock(), failures::add);
    }

    private static PcpServer server(String... addresses) {
        var list = List.of(addresses).stream()
                .map(address -> ServerAddress.at(PcpAddress.parse(address), 5351))
                .toList();
        return new PcpServer("the provider's", list);
    }

    private static MappingOutcome map(RunningClient client) throws Exception {
        return client.map(new MappingRequest(KEY, "test", new ExternalChoice.Any(), new Lifetime(7200)))
                .get(60, TimeUnit.SECONDS);
    }

    private static List<ServerView> servers(RunningClient client) throws Exception {
        return client.servers().get(60, TimeUnit.SECONDS);
    }

    private static void awaitMappings(Provider provider, String... expected) throws Exception {
        Await.until("it has " + List.of(expected), () -> provider.mappings().equals(List.of(expected)));
    }

    @Test
    @Proves({"pcp:C-REQ-01", "pcp:M-07", "pcp:B-WIRE-01"})
    void asksTheDefaultRouterOfEachFamily() throws Exception {
        Ip.batch("""
                address add 2001:db8:1::2/64 dev eth0 nodad
                route add default via 2001:db8:1::1
                """);
        try (var client = open()) {
            assertThat(map(client)).isInstanceOf(MappingOutcome.Granted.class);
            assertThat(servers(client))
                    .extracting(ServerView::name)
                    .containsExactly("[2001:db8:1:0:0:0:0:1]:5351", "192.0.2.1:5351");
        }
    }

    @Test
    void theWayToTheServerMayComeAfterTheClient() throws Exception {
        Ip.batch("""
                route del default
                address del 198.51.100.2/24 dev eth1
                """);
        var settings = new ClientSettings(PcpAddress.parse("198.51.100.1"), 5351, folder.resolve("mappings.db"));
        assertThatThrownBy(() -> RunningClient.open(settings, new BootClock(), failures::add))
                .isInstanceOf(PcpClientException.class);
        try (var client = RunningClient.openAhead(settings, new BootClock(), failures::add)) {
            assertThat(map(client)).isEqualTo(new MappingOutcome.Unreachable());
            Ip.batch("address add 198.51.100.2/24 dev eth1");
            Await.until("it is mapped", () -> second.mappings().size() == 1);
        }
    }

    @Test
    @Proves("pcp:C-REQ-14")
    void asksALinkLocalRouterFromAGlobalAddress() throws Exception {
        Ip.batch("""
                route del default
                address add 2001:db8:1::2/64 dev eth0 nodad
                route add default via fe80::1 dev eth0
                """);
        try (var client = open()) {
            Await.until(
                    "there is a way",
                    () -> servers(client).stream()
                            .anyMatch(view -> view.source().isPresent()));
            assertThat(servers(client).getFirst().source()).contains(PcpAddress.parse("2001:db8:1::2"));
        }
    }

    @Test
    @Proves({"pcp:M-05", "pcp:F-21-01", "igd:F-12"})
    void asksTheNewRouterForWhatTheOldOneHad() throws Exception {
        try (var client = open()) {
            map(client);
            awaitMappings(first, "192.0.2.2 8080");
            Ip.batch("route replace default via 198.51.100.1");
            awaitMappings(second, "198.51.100.2 8080");
        }
    }

    @Test
    void whatIsWantedWithoutARouteIsHadAsSoonAsThereIsOne() throws Exception {
        Ip.batch("route del default");
        try (var client = open()) {
            assertThat(map(client)).isEqualTo(new MappingOutcome.Unreachable());
            Ip.batch("route add default via 192.0.2.1");
            awaitMappings(first, "192.0.2.2 8080");
        }
    }

    @Test
    @Proves({"pcp:M-05", "pcp:F-24-01"})
    void asksForAllAgainFromItsNewAddress() throws Exception {
        try (var client = open(server("192.0.2.1"))) {
            map(client);
            Ip.batch("""
                    address del 192.0.2.2/24 dev eth0
                    address add 192.0.2.77/24 dev eth0
                    """);
            awaitMappings(first, "192.0.2.2 8080", "192.0.2.77 8080");
        }
    }

    /** As after a new lease of the same router's: for a moment there was neither route nor address. */
    @Test
    @Proves("pcp:F-24-01")
    void asksForAllAgainFromItsNewAddressThoughTheRouterWasAway() throws Exception {
        try (var client = open()) {
            map(client);
            Ip.batch("link set eth0 down");
            Await.until(
                    "the router is away",
                    () -> servers(client).stream()
                            .allMatch(view -> view.address().isEmpty()));
            Ip.batch("""
                    address del 192.0.2.2/24 dev eth0
                    address add 192.0.2.77/24 dev eth0
                    link set eth0 up
                    route add default via 192.0.2.1
                    """);
            awaitMappings(first, "192.0.2.2 8080", "192.0.2.77 8080");
        }
    }

    @Test
    @Proves({"pcp:C-RR-01", "pcp:C-RR-02"})
    void asksForAllAgainWhenTheServerSaysThatItLostItsState() throws Exception {
        try (var client = open()) {
            map(client);
            first.serveAnew("192.0.2.1", folder.resolve("empty"));
            awaitMappings(first, "192.0.2.2 8080");
        }
    }

    /** No address becomes usable meanwhile: after a change of the network the client would look again anyway. */
    @Test
    void goesToTheNextAddressOfAServerAtOnceIfThereIsNoWayToTheFirst() throws Exception {
        Ip.batch("""
                address flush dev eth0 scope link
                address flush dev eth1 scope link
                route add unreachable 203.0.113.0/24
                """);
        try (var client = open(server("203.0.113.1", "192.0.2.1"))) {
            Await.until(
                    "there is a way",
                    () -> servers(client).stream()
                            .anyMatch(view -> view.source().isPresent()));
            map(client);
            awaitMappings(first, "192.0.2.2 8080");
        }
    }

    @Test
    void allItsThreadsEnd() throws Exception {
        open().close();
        Await.until(
                "they have ended",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .noneMatch(name -> name.startsWith("pcp-") && !name.equals("pcp-server")
                                || name.endsWith("-listener")
                                || name.equals("route-watcher")));
    }
}
