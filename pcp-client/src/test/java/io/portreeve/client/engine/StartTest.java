package io.portreeve.client.engine;

import static io.portreeve.client.engine.Lockstep.ADDRESS;
import static io.portreeve.client.engine.Lockstep.SERVER;
import static io.portreeve.client.engine.Lockstep.wants;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingTerms;
import io.portreeve.client.PcpServer;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What an earlier run had is asked for again. */
class StartTest {
    private static final ClientPolicy WAITING =
            new ClientPolicy(Duration.ofSeconds(60), Optional.empty(), MonoTime.START);
    private static final List<PcpServer> SERVERS = List.of(new PcpServer(SERVER, List.of(ADDRESS)));

    private static MappingKey key(int port) {
        return new MappingKey(Optional.empty(), IpProtocol.TCP, port, PcpAddress.ANY_IPV4);
    }

    private static List<Mapping> restored(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(port -> restored(port, new MappingNonce(1, 2, port)))
                .toList();
    }

    private static Mapping restored(int port, MappingNonce nonce) {
        return new Mapping(
                SERVER,
                key(port),
                "test",
                nonce,
                new Wanted.Kept(new ExternalChoice.Any(), Lockstep.HOUR, MonoTime.NEVER, MappingTerms.PLAIN, false),
                Optional.of(new Endpoint(Lockstep.EXTERNAL, port)),
                MonoTime.START,
                Optional.empty(),
                new MappingState.NotSent());
    }

    @Test
    @Proves("pcp:B-NON-01")
    void aNonceOfNothingButZerosIsOneLikeAnyOther() {
        var zero = new MappingNonce(0, 0, 0);
        var client = new Lockstep(1, List.of(restored(4, zero)));
        client.pass(Duration.ofSeconds(1));
        assertThat(client.lastSent().nonce()).isEqualTo(zero);
        client.grant();
        assertThat(client.view(key(4)).state()).isEqualTo("MAPPED");
    }

    /** A request for less may have been granted just before the crash, and nobody heard of it. */
    @Test
    void whatAClientThatCrashedHadIsBelievedForNoLongerThanItMayHaveAskedFor() {
        var before = new Lockstep();
        before.want();
        before.grant();
        var granted = ((Effect.Save) before.stored.getLast()).mapping();
        var settled = before.now.plus(ClientPolicy.SETTLING);
        var policy = new ClientPolicy(Duration.ZERO, Optional.empty(), settled);
        var restarted = new Lockstep(1, policy, List.of(granted), SERVERS);
        assertThat(restarted.list().getFirst().left()).isEqualTo(Duration.ofSeconds(120));
        restarted.pass(Duration.ofSeconds(75));
        assertThat(restarted.sent).hasSize(1);
    }

    @Test
    @Proves("pcp:F-24-01")
    void whatAnEarlierRunHadFromAnotherAddressIsAskedForFromThisOne() {
        var before = new Lockstep();
        before.want();
        before.grant();
        var granted = ((Effect.Save) before.stored.getLast()).mapping();
        var same = new Lockstep(1, List.of(granted));
        same.pass(Duration.ofSeconds(1));
        assertThat(same.sent).isEmpty();

        var elsewhere = new Lockstep(1, List.of(granted), List.of());
        elsewhere.handle(new ClientEvent.Servers(SERVERS));
        elsewhere.connect(PcpAddress.parse("100.64.0.9"));
        elsewhere.pass(Duration.ofSeconds(1));
        assertThat(elsewhere.lastSent().client()).isEqualTo(PcpAddress.parse("100.64.0.9"));
        assertThat(elsewhere.lastSent().suggestedPort()).isEqualTo(8080);
    }

    @Test
    @Proves({"pcp:F-23-03", "igd:F-03"})
    void aClientThatCrashedAsksForShortLifetimesUntilItHasRunForSomeTime() {
        var settled = MonoTime.START.plus(Duration.ofSeconds(1000)).plus(ClientPolicy.SETTLING);
        var client = new Lockstep(1, new ClientPolicy(Duration.ZERO, Optional.empty(), settled), List.of(), SERVERS);
        client.want();
        for (int i = 0; i < 8; i++) {
            assertThat(client.lastSent().lifetime()).isEqualTo(new Lifetime(120));
            client.grant(client.lastSent(), 8080, client.lastSent().lifetime());
            client.pass(Duration.ofSeconds(75));
            assertThat(client.sent).hasSize(i + 2);
        }
        client.grant(client.lastSent(), 8080, client.lastSent().lifetime());
        client.pass(Duration.ofSeconds(75));
        assertThat(client.lastSent().lifetime()).isEqualTo(Lockstep.HOUR);
    }

    @Test
    @Proves("pcp:I-11")
    void itWaitsForARandomPartOfTheServiceWait() {
        var delays = new TreeSet<Long>();
        LongStream.range(0, 200).forEach(seed -> {
            var client = new Lockstep(seed, WAITING, restored(1), SERVERS);
            var started = client.now;
            client.pass(Duration.ofSeconds(60));
            delays.add(started.until(client.sentAt.getFirst()).toMillis());
        });
        assertThat(delays.first()).isBetween(0L, 3_000L);
        assertThat(delays.last()).isBetween(57_000L, 60_000L);
        assertThat(delays.headSet(30_000L)).as("about half of them").hasSizeBetween(75, 125);
    }

    @Test
    void whatAnApplicationAsksForFirstDoesNotWait() {
        var client = new Lockstep(3, WAITING, restored(5), SERVERS);
        client.want(wants(key(99), new ExternalChoice.Any()));
        client.want(wants(key(4), new ExternalChoice.Any()));
        assertThat(client.sent).extracting(request -> request.internalPort()).containsExactly(99, 4);
    }

    /** What is asked for when the server is known, and the way there is not made yet, does not wait for what was asked before. */
    @Test
    void whatIsAskedForBeforeThereIsAWayIsSentAsSoonAsThereIs() {
        var client = new Lockstep(3, List.of(), List.of());
        client.handle(new ClientEvent.Servers(SERVERS));
        for (int port = 1; port <= 10; port++) {
            client.want(wants(key(port), new ExternalChoice.Any()));
        }
        client.connect(Lockstep.SOURCE);
        client.pass(Duration.ZERO);
        assertThat(client.sent).extracting(MapRequest::internalPort).hasSize(10);
    }

    @Test
    @Proves("pcp:C-RR-05")
    void withoutAServiceWaitItBeginsAtOnceAndGoesOneByOne() {
        var client = new Lockstep(1, restored(10));
        var started = client.now;
        client.pass(Duration.ofSeconds(10));
        var asked = client.sent.stream().map(MapRequest::internalPort).toList();
        for (int port = 1; port <= 10; port++) {
            assertThat(client.sentAt.get(asked.indexOf(port)))
                    .as("the first request for " + port)
                    .isEqualTo(started.plus(Duration.ofMillis(500L * (port - 1))));
        }
    }
}
