package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.ClientSettings;
import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.threads.RunningClient;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.runtime.BootClock;
import io.portreeve.testing.Await;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A NAT-PMP server that is not ours: Debian's miniupnpd, behind a gateway that hides that it speaks PCP, too. */
class NatPmpAndMiniupnpdIT {
    private static final MappingKey UDP = key(IpProtocol.UDP, 3001);
    private static final MappingKey TCP = key(IpProtocol.TCP, 3002);
    private static final String CLIENT = "192.168.1.10";
    private static final PcpAddress EXTERNAL = PcpAddress.parse("203.0.114.2");
    private static final Lifetime HOUR = new Lifetime(3600);

    /** The gateway's, to the provider. */
    private static final String OUTSIDE = "100.64.0.3";

    @TempDir
    private Path work;

    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<MappingEvent> events = new ConcurrentLinkedQueue<>();
    private Lab lab;
    private Host home;
    private Miniupnpd miniupnpd;
    private OldGateway gateway;
    private RunningClient client;

    @BeforeEach
    void start() throws Exception {
        lab = new Lab();
        home = lab.host("home2");
        miniupnpd = new Miniupnpd(lab, work, "min_lifetime=10");
        gateway = new OldGateway(home, CLIENT, Miniupnpd.ADDRESS);
        var settings = new ClientSettings(PcpAddress.parse(CLIENT), OldGateway.PORT, work.resolve("client.db"));
        client = home.inside(() -> RunningClient.open(settings, new BootClock(), failures::add));
        client.listen(events::add);
    }

    @AfterEach
    void end() throws Exception {
        try (var _ = lab;
                var _ = miniupnpd;
                var _ = gateway;
                var _ = client) {
            assertThat(failures).isEmpty();
        }
    }

    private static MappingKey key(IpProtocol protocol, int port) {
        return new MappingKey(Optional.empty(), protocol, port, PcpAddress.ANY_IPV4);
    }

    private void grants(MappingKey key, int wanted, int external, Lifetime lifetime) throws Exception {
        var request = new MappingRequest(key, "test", new ExternalChoice.Preferred(wanted), lifetime);
        assertThat(await(client.map(request)))
                .isEqualTo(new MappingOutcome.Granted(new Endpoint(EXTERNAL, external), lifetime));
    }

    private void releases(MappingKey key) throws Exception {
        assertThat(await(client.release("test", key))).isEqualTo(new MappingOutcome.Released());
    }

    private void isRenewedBy(Integer... versions) throws Exception {
        Await.until(
                "asked by " + Arrays.toString(versions),
                () -> gateway.versions().size() >= versions.length);
        Await.until("granted", () -> await(client.mappings()).getFirst().state().equals("MAPPED"));
        assertThat(gateway.versions()).containsExactly(versions);
    }

    /** The deadline only says "hung". */
    private static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    @Test
    @Proves("pcp:C-RSP-02")
    void mappingsAreThereUntilTheyAreReleased() throws Exception {
        grants(UDP, 4001, 4001, HOUR);
        grants(TCP, 4002, 4002, HOUR);
        assertThat(miniupnpd.externalPorts()).isEqualTo(Map.of(CLIENT + ":3001", 4001, CLIENT + ":3002", 4002));
        passes(4001, 3001);
        releases(UDP);
        assertThat(miniupnpd.externalPorts()).isEqualTo(Map.of(CLIENT + ":3002", 4002));
        releases(TCP);
        assertThat(miniupnpd.externalPorts()).isEmpty();
    }

    private void passes(int external, int internal) throws Exception {
        try (var server = home.udp(internal);
                var stranger = lab.host("cgn").udp(0)) {
            stranger.send(new DatagramPacket(new byte[7], 7, InetAddress.getByName(OUTSIDE), external));
            var received = new DatagramPacket(new byte[9], 9);
            server.receive(received);
            assertThat(received.getLength()).isEqualTo(7);
        }
    }

    @Test
    void aPortThatIsTakenIsAnotherOne() throws Exception {
        grants(UDP, 4001, 4001, HOUR);
        grants(key(IpProtocol.UDP, 3003), 4001, 4002, HOUR);
        assertThat(miniupnpd.externalPorts()).isEqualTo(Map.of(CLIENT + ":3001", 4001, CLIENT + ":3003", 4002));
    }

    /** After two renewals it is older than it would have become without. */
    @Test
    @Proves("pcp:B-VER-03")
    void eachRenewalAsksByPcpFirst() throws Exception {
        grants(UDP, 4001, 4001, new Lifetime(10));
        isRenewedBy(2, 0, 2, 0);
        isRenewedBy(2, 0, 2, 0, 2, 0);
        gateway.upgrade();
        isRenewedBy(2, 0, 2, 0, 2, 0, 2);
        assertThat(miniupnpd.externalPorts()).isEqualTo(Map.of(CLIENT + ":3001", 4001));
        assertThat(events).isEmpty();
        releases(UDP);
        assertThat(miniupnpd.externalPorts()).isEmpty();
        assertThat(gateway.versions()).as("NAT-PMP is not needed any more").hasSize(7);
    }
}
