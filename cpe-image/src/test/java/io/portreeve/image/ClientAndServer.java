package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.ClientSettings;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.PcpServer;
import io.portreeve.client.ServerAddress;
import io.portreeve.client.threads.RunningClient;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.runtime.BootClock;
import io.portreeve.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to server, network and host: in the end every mapping is there, and nobody was asked more than the RFC allows. */
abstract class ClientAndServer {
    private static final boolean LONG = Boolean.getBoolean("portreeve.long");

    /** The first retransmission after a minute of silence comes at 93 seconds, give or take a tenth; after bad luck, later. */
    private static final Duration DEADLINE = LONG ? Duration.ofMinutes(15) : Duration.ofMinutes(1);

    private static final Lifetime HOURS = new Lifetime(7200);

    /** Half of what is meant, on the average: a machine may be busy when one of them is due. */
    private static final Duration BETWEEN_MAPPINGS = Duration.ofMillis(250);

    @TempDir
    private Path work;

    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private Lab lab;
    private PcpPeer peer;
    private Capture capture;

    abstract PcpPeer start(Lab lab, Path work) throws Exception;

    @BeforeEach
    void start() throws Exception {
        lab = new Lab();
        peer = start(lab, work);
        capture = new Capture(lab, peer.namespace(), peer.link(), work.resolve("pcp.pcap"));
    }

    @AfterEach
    void end() throws Exception {
        try (var _ = lab;
                var _ = peer;
                var _ = capture) {
            assertThat(failures).isEmpty();
        }
    }

    /** {@return a client on its host, for which nothing is configured but {@code servers}} */
    private RunningClient client(PcpServer... servers) throws Exception {
        var settings = new ClientSettings(
                List.of(servers), List.of(), work.resolve("client.db"), Duration.ZERO, Optional.empty());
        return lab.host(peer.namespace()).inside(() -> RunningClient.open(settings, new BootClock(), failures::add));
    }

    private PcpServer server() {
        return PcpServer.at(ServerAddress.at(PcpAddress.parse(peer.server()), ServerAddress.STANDARD_PORT));
    }

    private static void want(RunningClient client, int first, int count, Lifetime lifetime) {
        for (int port = first; port < first + count; port++) {
            var key = new MappingKey(Optional.empty(), IpProtocol.UDP, port, PcpAddress.ANY_IPV4);
            client.map(new MappingRequest(key, "test", new ExternalChoice.Preferred(port), lifetime));
        }
    }

    private void awaitPorts(String host, int first, int count) throws Exception {
        var expected = IntStream.range(first, first + count).boxed().toList();
        Await.until(
                "mappings to " + host + " from " + first + " on, " + count,
                DEADLINE,
                () -> peer.ports(host).equals(expected));
    }

    /** What the server has before it says so, is no answer yet. */
    private void has(RunningClient client, int first, int count) throws Exception {
        want(client, first, count, HOURS);
        awaitPorts(peer.client(), first, count);
        awaitAnswers(client);
    }

    private static void awaitAnswers(RunningClient client) throws Exception {
        Await.until(
                "the client has an answer to all it asked",
                () -> client.mappings().get(1, TimeUnit.MINUTES).stream()
                        .allMatch(mapping -> mapping.state().equals("MAPPED")));
    }

    private void ip(String... words) throws Exception {
        lab.inside(peer.namespace(), words).succeed();
    }

    /** @param rules for what comes to the server, at the end of the cable */
    private void weather(String rules) throws Exception {
        lab.inside(peer.serverNamespace(), "nft", """
                table ip weather {
                    set silent { type inet_service; flags timeout; }
                    chain server { %s; }
                    chain input {
                        type filter hook input priority 0
                        udp dport 5351 jump server
                    }
                }
                """.formatted(rules)).succeed();
    }

    private Schedule schedule() throws Exception {
        var schedule = new Schedule(capture.datagrams(lab.host(peer.namespace()), peer.server()));
        schedule.isSlowEnough();
        schedule.backsOff();
        return schedule;
    }

    @Test
    void threeOfTenRequestsAreLost() throws Exception {
        weather(LONG ? "numgen random mod 10 < 3 drop" : "numgen inc mod 10 >= 7 drop");
        int mappings = LONG ? 30 : 10; // so many that chance does not spare them all
        try (var client = client(server())) {
            want(client, 3001, mappings, HOURS);
            awaitPorts(peer.client(), 3001, mappings);
            assertThat(schedule().counts()).hasSize(mappings).anyMatch(count -> count > 1);
        }
    }

    /** What has been granted for a short time is to be renewed meanwhile. */
    @Test
    void theServerIsSilent() throws Exception {
        try (var client = client(server())) {
            want(client, 3001, 2, new Lifetime(10));
            awaitPorts(peer.client(), 3001, 2);
            weather("udp dport @silent drop");
            var silence = "add element ip weather silent { 5351 timeout %s }".formatted(LONG ? "60s" : "7s");
            lab.inside(peer.serverNamespace(), "nft", silence).succeed();
            want(client, 3003, 5, HOURS);
            awaitPorts(peer.client(), 3001, 7);
            awaitAnswers(client);
            var schedule = schedule();
            schedule.renewsNotTooOften();
            assertThat(schedule.counts()).hasSize(7).allMatch(count -> count > 2);
        }
    }

    @Test
    @Proves({"pcp:C-RR-01", "pcp:C-RR-05"})
    void theServerLosesItsState() throws Exception {
        try (var client = client(server());
                var talk = new PcpTalk(lab.host(peer.namespace()), peer.client(), peer.server())) {
            has(client, 3001, 5);
            var announce = PcpOctets.announce().apply(talk.client());
            Await.until(
                    "a loss can be seen by the epoch", () -> talk.ask(announce).getInt(8) > 4);
            peer.loseStateAndRestart();
            awaitPorts(peer.client(), 3001, 5);
            oneAfterTheOther(schedule());
        }
    }

    private static void oneAfterTheOther(Schedule schedule) {
        var again = schedule.later();
        assertThat(again).hasSize(5);
        assertThat(again.getLast().at().minus(again.getFirst().at()))
                .as("%s", again)
                .isGreaterThan(BETWEEN_MAPPINGS.multipliedBy(again.size() - 1));
    }

    @Test
    @Proves("pcp:M-05")
    void theRouteComesAndGoes() throws Exception {
        ip("ip", "-6", "route", "del", "default");
        try (var client = client()) {
            has(client, 3001, 5);
            for (int i = 0; i < 5; i++) {
                ip("ip", "route", "del", "default");
                want(client, 3006 + i, 1, HOURS);
                ip("ip", "route", "add", "default", "via", peer.server());
            }
            awaitPorts(peer.client(), 3001, 10);
            assertThat(schedule().counts())
                    .as("what is there is not asked for again")
                    .startsWith(1, 1, 1, 1, 1);
        }
    }

    @Test
    @Proves({"pcp:M-05", "pcp:F-24-01"})
    void theHostGetsAnotherAddress() throws Exception {
        try (var client = client(server())) {
            has(client, 3001, 5);
            ip("ip", "address", "del", peer.client() + "/24", "dev", peer.link());
            ip("ip", "address", "add", peer.otherClient() + "/24", "dev", peer.link());
            awaitPorts(peer.otherClient(), 3001, 5);
            oneAfterTheOther(schedule());
        }
    }
}
