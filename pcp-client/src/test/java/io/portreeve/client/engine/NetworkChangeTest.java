package io.portreeve.client.engine;

import static io.portreeve.client.engine.Lockstep.ADDRESS;
import static io.portreeve.client.engine.Lockstep.KEY;
import static io.portreeve.client.engine.Lockstep.SERVER;
import static io.portreeve.client.engine.Lockstep.SOURCE;
import static io.portreeve.client.engine.Lockstep.wants;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.PcpServer;
import io.portreeve.client.ServerAddress;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Routes and addresses come and go. */
class NetworkChangeTest {
    private static final ServerAddress SECOND = ServerAddress.at(PcpAddress.parse("192.0.2.2"), 5351);
    private static final PcpServer ONE = new PcpServer(SERVER, List.of(ADDRESS));
    private static final PcpServer BOTH_ADDRESSES = new PcpServer(SERVER, List.of(ADDRESS, SECOND));
    private static final PcpAddress ELSEWHERE = PcpAddress.parse("100.64.0.77");
    private static final Duration FIRST_RT = Duration.ofSeconds(3);

    private static void changeNetwork(Lockstep client) {
        client.handle(new ClientEvent.NetworkChanged());
    }

    private static void unreachable(Lockstep client, ServerAddress server) {
        client.handle(new ClientEvent.Unreachable(server));
        client.handle(new ClientEvent.Due());
    }

    private static Duration distance(Lockstep client, int transmission) {
        return client.sentAt.get(transmission - 1).until(client.sentAt.get(transmission));
    }

    private static void wantMany(Lockstep client) {
        for (int port = 1; port <= 5; port++) {
            client.want(wants(
                    new MappingKey(Optional.empty(), IpProtocol.UDP, port, PcpAddress.ANY_IPV4),
                    new ExternalChoice.Any()));
        }
    }

    @Test
    @Proves("pcp:M-06")
    void whoHasNotAnsweredIsAskedAgainFromTheBeginningOfTheSchedule() {
        var client = new Lockstep();
        client.want();
        client.pass(Duration.ofSeconds(120));
        int before = client.sent.size();
        changeNetwork(client);
        assertThat(client.connecting).as("there may be another way").containsExactly(ADDRESS);
        client.connect(SOURCE);
        client.handle(new ClientEvent.Due());
        assertThat(client.sent).as("at once, because the last is long ago").hasSize(before + 1);
        assertThat(client.lastSent()).isEqualTo(client.sent.getFirst());
        client.pass(Duration.ofSeconds(7));
        assertThat(client.sent).as("and soon again").hasSize(before + 2);
    }

    @Test
    @Proves("pcp:M-06")
    void howeverOftenTheNetworkChangesNobodyIsAskedAgainWithinThreeSeconds() {
        var client = new Lockstep();
        client.want();
        for (int i = 0; i < 100; i++) {
            client.pass(Duration.ofMillis(250));
            changeNetwork(client);
        }
        assertThat(client.sent).hasSizeBetween(8, 10);
        for (int i = 1; i < client.sent.size(); i++) {
            assertThat(distance(client, i))
                    .isGreaterThanOrEqualTo(FIRST_RT.multipliedBy(9).dividedBy(10));
        }
    }

    @Test
    @Proves("pcp:C-RR-05")
    void manyAreAskedForOneAfterTheOther() {
        for (var silence : List.of(Duration.ofSeconds(4), Duration.ofSeconds(120))) {
            var client = new Lockstep();
            wantMany(client);
            client.pass(silence);
            int before = client.sent.size();
            changeNetwork(client);
            client.pass(Duration.ofSeconds(5));
            assertThat(client.sent).hasSize(before + 5);
            for (int i = before + 1; i < before + 5; i++) {
                assertThat(distance(client, i)).as("after " + silence).isGreaterThanOrEqualTo(Duration.ofMillis(400));
            }
        }
    }

    @Test
    void noRetransmissionIsPutOffByAChange() {
        var client = new Lockstep();
        wantMany(client);
        client.pass(Duration.ofSeconds(1));
        changeNetwork(client);
        client.pass(Duration.ofMillis(2400));
        assertThat(client.sent).hasSize(10);
    }

    @Test
    void whatIsHeldIsHeldWhateverChanges() {
        var client = new Lockstep();
        client.want();
        client.grant();
        client.want(wants(KEY, new ExternalChoice.Any()));
        client.pass(Duration.ofMinutes(20));
        changeNetwork(client);
        client.pass(Duration.ofMinutes(20));
        assertThat(client.view(KEY).left()).isPositive();
        assertThat(client.told).isEmpty();
        client.pass(Duration.ofMinutes(20));
        assertThat(client.told).as("until it ends").hasSize(1);
    }

    @Test
    void aMappingIsNotRenewedBecauseOfAChange() {
        var client = new Lockstep();
        client.want();
        client.grant();
        changeNetwork(client);
        client.connect(SOURCE);
        client.pass(Duration.ofMinutes(20));
        assertThat(client.sent).hasSize(1);
    }

    @Test
    @Proves("pcp:F-24-01")
    void aRouterThatIsFoundAgainFromAnotherSourceIsAskedForAll() {
        var client = new Lockstep();
        client.want();
        client.grant();
        client.use(List.of());
        client.handle(new ClientEvent.Servers(List.of(ONE)));
        client.connect(ELSEWHERE);
        client.pass(Duration.ofSeconds(1));
        assertThat(client.sent).hasSize(2);
        assertThat(client.lastSent().client()).isEqualTo(ELSEWHERE);
    }

    @Test
    void aServerThatComesAndGoesIsNotAskedMoreOftenThanOneThatIsSilent() {
        var other = new PcpServer("another one", List.of(SECOND));
        for (var staying : List.of(List.<PcpServer>of(), List.of(other))) {
            var client = new Lockstep(
                    1,
                    List.of(),
                    Stream.concat(staying.stream(), Stream.of(ONE)).toList());
            client.want();
            for (int i = 0; i < 10; i++) {
                client.use(staying);
                client.pass(Duration.ofMillis(250));
                client.use(Stream.concat(staying.stream(), Stream.of(ONE)).toList());
                client.handle(new ClientEvent.Due());
            }
            client.pass(Duration.ofMillis(499));
            assertThat(toFirst(client)).hasSize(1);
            client.pass(Duration.ofMillis(1));
            assertThat(toFirst(client)).hasSize(2);
        }
    }

    private static List<ServerAddress> toFirst(Lockstep client) {
        return client.sentTo.stream().filter(ADDRESS::equals).toList();
    }

    @Test
    void withoutAWayToAnyAddressAllRest() {
        var client = new Lockstep(1, List.of(), List.of());
        client.handle(new ClientEvent.Servers(List.of(BOTH_ADDRESSES)));
        client.want();
        client.connecting.clear();
        unreachable(client, ADDRESS);
        assertThat(client.connecting).isNotEmpty().containsOnly(SECOND);
        client.connecting.clear();
        unreachable(client, SECOND);
        client.pass(Duration.ofMinutes(14));
        assertThat(client.connecting).isEmpty();
        client.pass(Duration.ofMinutes(1));
        assertThat(client.connecting).containsExactly(ADDRESS);
    }

    @Test
    @Proves("pcp:M-06")
    void aChangeEndsTheRest() {
        var client = new Lockstep(1, List.of(), List.of(BOTH_ADDRESSES));
        client.want();
        unreachable(client, ADDRESS);
        client.connect(SOURCE);
        client.handle(new ClientEvent.Due());
        unreachable(client, SECOND);
        client.pass(Duration.ofSeconds(20));
        int before = client.sent.size();
        changeNetwork(client);
        client.connect(SOURCE);
        client.pass(Duration.ofSeconds(2));
        assertThat(client.sent).hasSize(before);
        client.pass(Duration.ofSeconds(1));
        assertThat(client.sentTo.subList(before, client.sent.size())).containsExactly(ADDRESS);
    }

    @Test
    void withoutServersNobodyIsAsked() {
        var client = new Lockstep(1, List.of(), List.of());
        client.want();
        changeNetwork(client);
        assertThat(client.connecting).isEmpty();
    }
}
