package io.portreeve.igd.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.AuditReport;
import io.portreeve.client.ClientSettings;
import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingView;
import io.portreeve.client.PcpClient;
import io.portreeve.client.ServerView;
import io.portreeve.client.threads.RunningClient;
import io.portreeve.igd.iwf.IgdAction.AddPortMapping;
import io.portreeve.igd.iwf.IgdAction.DeletePortMapping;
import io.portreeve.igd.iwf.IgdAction.GetExternalIPAddress;
import io.portreeve.igd.iwf.IgdAction.GetGenericPortMappingEntry;
import io.portreeve.igd.iwf.IgdError;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.igd.iwf.IgdReply;
import io.portreeve.igd.iwf.Interworking;
import io.portreeve.igd.iwf.IwfPolicy;
import io.portreeve.igd.iwf.Lease;
import io.portreeve.igd.iwf.NatChange;
import io.portreeve.igd.iwf.NatRule;
import io.portreeve.igd.iwf.PortMapping;
import io.portreeve.igd.iwf.PortMappingKey;
import io.portreeve.igd.iwf.StoredTable;
import io.portreeve.igd.nat.LocalNat;
import io.portreeve.igd.nat.NoNat;
import io.portreeve.igd.store.SqlitePortMappingStore;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.runtime.BootClock;
import io.portreeve.server.PcpServer;
import io.portreeve.server.ServerSettings;
import io.portreeve.settings.Settings;
import io.portreeve.testing.Await;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The interworking with its real client and store, against a real server, a silent one, and none. */
class GatewayTest {
    private static final PcpAddress HOST = PcpAddress.parse("192.168.1.10");
    private static final PortMappingKey KEY = new PortMappingKey(Optional.empty(), 8080, IpProtocol.TCP);

    @TempDir
    private Path folder;

    /** All parts of a gateway but the LAN side. */
    private final class Parts implements AutoCloseable {
        final RunningClient client;
        final SqlitePortMappingStore store;
        final Gateway gateway;

        Parts(int serverPort) throws Exception {
            this(serverPort, IwfPolicy.ROUTING, new NoNat());
        }

        Parts(int serverPort, IwfPolicy policy, LocalNat nat) throws Exception {
            var clock = new BootClock();
            var loopback = PcpAddress.parse("127.0.0.1");
            client = RunningClient.open(
                    new ClientSettings(loopback, serverPort, folder.resolve("pcp.db")), clock, failure -> {
                        throw new AssertionError(failure);
                    });
            store = new SqlitePortMappingStore(folder.resolve("igd.db"), InstantSource.system());
            gateway = new Gateway(
                    new Interworking(policy), client, nat, store, store.load(clock.now()), clock, failure -> {
                        throw new AssertionError(failure);
                    });
            gateway.start();
        }

        @Override
        public void close() {
            gateway.close();
            client.close();
            store.close();
        }
    }

    private static AddPortMapping add() {
        return new AddPortMapping(KEY, 8080, HOST, true, "web", 0);
    }

    /** A kernel that does as it is told. */
    private static final class FakeNat implements LocalNat {
        final Set<NatRule> rules = ConcurrentHashMap.newKeySet();

        @Override
        public void start(Collection<NatRule> wanted) {
            rules.clear();
            rules.addAll(wanted);
        }

        @Override
        public CompletableFuture<Void> apply(NatChange change) {
            switch (change) {
                case NatChange.Install(var rule) -> rules.add(rule);
                case NatChange.Remove(var rule) -> rules.remove(rule);
            }
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> wanIs(PcpAddress address) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }

    private PcpServer server() throws Exception {
        return server("on");
    }

    private PcpServer server(String thirdParty) throws Exception {
        return PcpServer.start(ServerSettings.of(new Settings(
                "test",
                List.of(
                        "listen = 127.0.0.1",
                        "port = 0",
                        "pool = 203.0.114.1",
                        "third-party = " + thirdParty,
                        "state-dir = " + folder.resolve("server")))));
    }

    @Test
    @Proves({"igd:I-IWFM-03", "igd:I-IWFP-09", "pcp:I-07"})
    void opensAPortAtTheProviderAndStillOwnsItAfterARestart() throws Exception {
        try (var server = server()) {
            int port = server.address().getPort();
            try (var parts = new Parts(port)) {
                assertThat(parts.gateway.call(HOST, IgdFace.V1, add())).isEqualTo(new IgdReply.Done());
                assertThat(server.cgn().table())
                        .singleElement()
                        .satisfies(it ->
                                assertThat(it.mapping().internal().address()).isEqualTo(HOST))
                        .satisfies(
                                it -> assertThat(it.mapping().external().port()).isEqualTo(8080));
            }
            try (var parts = new Parts(port)) {
                assertThat(parts.gateway.call(HOST, IgdFace.V1, new GetGenericPortMappingEntry(0)))
                        .isEqualTo(new IgdReply.Entry(KEY, 8080, HOST, "web", 0));
                assertThat(parts.gateway.call(HOST, IgdFace.V1, new DeletePortMapping(KEY)))
                        .isEqualTo(new IgdReply.Done());
                assertThat(server.cgn().table()).isEmpty();
            }
        }
    }

    @Test
    @Proves({"igd:I-IWFM-08", "igd:I-IWFN-03", "igd:I-IWFR-07", "igd:I-IWFP-05"})
    void asksForItsOwnAddressIfItTranslates() throws Exception {
        var rule = new NatRule(IpProtocol.TCP, OptionalInt.of(8080), HOST, 80);
        try (var server = server("off")) {
            int port = server.address().getPort();
            try (var parts = new Parts(port, IwfPolicy.TRANSLATING, new FakeNat())) {
                var add = new AddPortMapping(KEY, 80, HOST, true, "web", 0);
                assertThat(parts.gateway.call(HOST, IgdFace.V1, add)).isEqualTo(new IgdReply.Done());
                assertThat(server.cgn().table()).singleElement().satisfies(it -> {
                    assertThat(it.mapping().internal().address()).isEqualTo(PcpAddress.parse("127.0.0.1"));
                    assertThat(it.mapping().internal().port()).isEqualTo(8080);
                });
            }
            var nat = new FakeNat();
            nat.rules.add(new NatRule(IpProtocol.UDP, OptionalInt.of(7), HOST, 7));
            try (var parts = new Parts(port, IwfPolicy.TRANSLATING, nat)) {
                assertThat(nat.rules).as("the kernel is as the store").containsExactly(rule);
                assertThat(parts.gateway.call(HOST, IgdFace.V1, new DeletePortMapping(KEY)))
                        .isEqualTo(new IgdReply.Done());
                assertThat(nat.rules).isEmpty();
                assertThat(server.cgn().table()).isEmpty();
            }
        }
    }

    @Test
    void isAGatewayLikeAnyOtherWithoutAProvider() throws Exception {
        var wan = PcpAddress.parse("203.0.114.77");
        var nat = new FakeNat();
        try (var store = new SqlitePortMappingStore(folder.resolve("igd.db"), InstantSource.system());
                var client = new NoProvider(Optional.of(wan));
                var gateway = new Gateway(
                        new Interworking(IwfPolicy.TRANSLATING),
                        client,
                        nat,
                        store,
                        StoredTable.EMPTY,
                        new BootClock(),
                        failure -> {
                            throw new AssertionError(failure);
                        })) {
            gateway.start();
            gateway.wanChanged(Optional.of(wan));
            assertThat(gateway.firstExternal().get(30, TimeUnit.SECONDS)).isEqualTo(wan);
            assertThat(gateway.call(HOST, IgdFace.V1, add())).isEqualTo(new IgdReply.Done());
            assertThat(nat.rules).containsExactly(new NatRule(IpProtocol.TCP, OptionalInt.of(8080), HOST, 8080));
            assertThat(gateway.call(HOST, IgdFace.V1, new GetExternalIPAddress()))
                    .isEqualTo(new IgdReply.ExternalAddress(Optional.of(wan)));
            var own = new PortMappingKey(Optional.empty(), 5351, IpProtocol.UDP);
            assertThat(gateway.call(HOST, IgdFace.V1, new AddPortMapping(own, 80, HOST, true, "", 0)))
                    .as("the gateway's own port leads to no host, and no other port will do")
                    .isEqualTo(new IgdReply.Failed(IgdError.CONFLICT));
            assertThat(gateway.call(HOST, IgdFace.V1, new DeletePortMapping(KEY)))
                    .isEqualTo(new IgdReply.Done());
            assertThat(nat.rules).isEmpty();
        }
    }

    /** Its first WAN address is a public one, the next is behind a provider that gives what it is asked for, or not. */
    @Test
    void entriesOutliveTheirProvider() throws Exception {
        var wan = PcpAddress.parse("203.0.114.77");
        var nat = new FakeNat();
        var clock = new BootClock();
        try (var server = server();
                var store = new SqlitePortMappingStore(folder.resolve("igd.db"), InstantSource.system());
                var client = new SwitchingClient(new NoProvider(Optional.of(wan)));
                var gateway = new Gateway(
                        new Interworking(IwfPolicy.TRANSLATING),
                        client,
                        nat,
                        store,
                        StoredTable.EMPTY,
                        clock,
                        GatewayTest::failed)) {
            gateway.start();
            gateway.wanChanged(Optional.of(wan));
            assertThat(gateway.call(HOST, IgdFace.V1, add())).isEqualTo(new IgdReply.Done());

            var settings = new ClientSettings(
                    PcpAddress.parse("127.0.0.1"), server.address().getPort(), folder.resolve("pcp.db"));
            client.switchTo(
                    RunningClient.open(settings, clock, GatewayTest::failed),
                    kept -> gateway.providerChanged(kept, Set.of()));
            Await.until(
                    "the provider has the mapping, and its address is shown",
                    () -> gateway.call(HOST, IgdFace.V1, new GetExternalIPAddress())
                            .equals(new IgdReply.ExternalAddress(Optional.of(PcpAddress.parse("203.0.114.1")))));
            assertThat(server.cgn().table())
                    .singleElement()
                    .satisfies(it -> assertThat(it.mapping().external().port()).isEqualTo(8080));

            client.switchTo(
                    new NoProvider(Optional.of(wan)),
                    kept -> gateway.providerChanged(kept, IwfPolicy.TRANSLATING.ownPorts()));
            Await.until(
                    "the WAN address is shown",
                    () -> gateway.call(HOST, IgdFace.V1, new GetExternalIPAddress())
                            .equals(new IgdReply.ExternalAddress(Optional.of(wan))));
            assertThat(nat.rules).containsExactly(new NatRule(IpProtocol.TCP, OptionalInt.of(8080), HOST, 8080));
            assertThat(gateway.call(HOST, IgdFace.V1, new GetGenericPortMappingEntry(0)))
                    .isEqualTo(new IgdReply.Entry(KEY, 8080, HOST, "web", 0));
            assertThat(server.cgn().table())
                    .as("it stays there until it ends: nobody can delete it from another address")
                    .hasSize(1);
        }
    }

    private static void failed(Throwable failure) {
        throw new AssertionError(failure);
    }

    /** Is at work already: in the moment after the listing it tells of a mapping. */
    private static final class QuickClient implements PcpClient {
        private final List<Consumer<MappingEvent>> listeners = new ArrayList<>();
        private final MappingEvent happens;

        QuickClient(MappingEvent happens) {
            this.happens = happens;
        }

        @Override
        public CompletableFuture<List<MappingView>> mappings() {
            listeners.forEach(listener -> listener.accept(happens));
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public CompletableFuture<AuditReport> audit() {
            return CompletableFuture.completedFuture(AuditReport.EMPTY);
        }

        @Override
        public CompletableFuture<List<ServerView>> servers() {
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public void listen(Consumer<MappingEvent> listener) {
            listeners.add(listener);
        }

        @Override
        public CompletableFuture<MappingOutcome> map(MappingRequest request) {
            return new CompletableFuture<>();
        }

        @Override
        public CompletableFuture<MappingOutcome> release(String owner, MappingKey key) {
            return new CompletableFuture<>();
        }

        @Override
        public void close() {}
    }

    @Test
    void missesNothingBetweenTheListingAndTheFirstEvent() throws Exception {
        var key = new MappingKey(Optional.of(HOST), IpProtocol.TCP, 8080, PcpAddress.ANY_IPV4);
        var external = PcpAddress.parse("203.0.114.9");
        var client = new QuickClient(new MappingEvent.Granted(key, new Endpoint(external, 8080)));
        try (var store = new SqlitePortMappingStore(folder.resolve("igd.db"), InstantSource.system());
                var gateway = new Gateway(
                        new Interworking(IwfPolicy.ROUTING),
                        client,
                        new NoNat(),
                        store,
                        new StoredTable(List.of(new PortMapping(KEY, 8080, HOST, "", new Lease.Infinite())), 0),
                        new BootClock(),
                        failure -> {
                            throw new AssertionError(failure);
                        })) {
            gateway.start();
            assertThat(gateway.firstExternal().get(30, TimeUnit.SECONDS)).isEqualTo(external);
        }
    }

    @Test
    @Proves("igd:I-SOAP-12")
    void aSilentServerIsAFaultAndADeleteOfNothingIsAnsweredAtOnce() throws Exception {
        try (var silent = DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                var parts = new Parts(((InetSocketAddress) silent.getLocalAddress()).getPort())) {
            assertThat(parts.gateway.call(HOST, IgdFace.V1, add()))
                    .isEqualTo(new IgdReply.Failed(IgdError.ACTION_FAILED));
            assertThat(parts.gateway.call(HOST, IgdFace.V1, new DeletePortMapping(KEY)))
                    .as("waits for the orphan, then for its deadline")
                    .isInstanceOf(IgdReply.Failed.class);
            assertThat(parts.gateway.call(HOST, IgdFace.V1, new GetExternalIPAddress()))
                    .isEqualTo(new IgdReply.ExternalAddress(Optional.empty()));
            assertThat(parts.gateway.call(HOST, IgdFace.V1, new GetGenericPortMappingEntry(0)))
                    .isEqualTo(new IgdReply.Failed(IgdError.INVALID_INDEX));
        }
    }

    @Test
    @Proves("igd:P-16")
    void aClosedPortIsAFault() throws Exception {
        int closed;
        try (var free = DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            closed = ((InetSocketAddress) free.getLocalAddress()).getPort();
        }
        try (var parts = new Parts(closed)) {
            assertThat(parts.gateway.call(HOST, IgdFace.V1, add()))
                    .isEqualTo(new IgdReply.Failed(IgdError.ACTION_FAILED));
        }
    }
}
