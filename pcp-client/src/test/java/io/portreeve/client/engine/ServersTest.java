package io.portreeve.client.engine;

import static io.portreeve.client.engine.Lockstep.ADDRESS;
import static io.portreeve.client.engine.Lockstep.EXTERNAL;
import static io.portreeve.client.engine.Lockstep.HOUR;
import static io.portreeve.client.engine.Lockstep.KEY;
import static io.portreeve.client.engine.Lockstep.SERVER;
import static io.portreeve.client.engine.Lockstep.SOURCE;
import static io.portreeve.client.engine.Lockstep.wants;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.PcpServer;
import io.portreeve.client.ServerAddress;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Several servers, several addresses of one, others than before, and none. */
class ServersTest {
    private static final ServerAddress SECOND = ServerAddress.at(PcpAddress.parse("192.0.2.2"), 5351);
    private static final PcpServer ONE = new PcpServer(SERVER, List.of(ADDRESS));
    private static final PcpServer OTHER = new PcpServer("another one", List.of(SECOND));
    private static final PcpServer BOTH_ADDRESSES = new PcpServer(SERVER, List.of(ADDRESS, SECOND));
    private static final PcpAddress ELSEWHERE = PcpAddress.parse("100.64.0.77");

    private static final MappingKey OTHER_KEY =
            new MappingKey(Optional.empty(), IpProtocol.UDP, 9, PcpAddress.ANY_IPV4);

    private static Lockstep client(PcpServer... servers) {
        return new Lockstep(1, List.of(), List.of(servers));
    }

    private static long want(Lockstep client) {
        return client.want(wants(KEY, new ExternalChoice.Preferred(8080)));
    }

    private static void grant(Lockstep client, ServerAddress server, MapRequest request, int port) {
        client.receive(server, client.response(request, 0, HOUR, port, EXTERNAL));
    }

    private static MapRequest lastTo(Lockstep client, ServerAddress server) {
        return client.sent.get(client.sentTo.lastIndexOf(server));
    }

    @Test
    @Proves({"pcp:C-SEL-03", "pcp:B-NON-02", "igd:I-IWFP-09"})
    void eachServerIsAskedByItselfWithANonceOfItsOwn() {
        var client = client(ONE, OTHER);
        long ticket = want(client);
        assertThat(client.sentTo).containsExactly(ADDRESS, SECOND);
        assertThat(client.sent.get(0).nonce()).isNotEqualTo(client.sent.get(1).nonce());

        client.receive(
                ADDRESS,
                client.response(client.sent.get(0), ResultCode.NO_RESOURCES.value(), new Lifetime(30), 0, EXTERNAL));
        assertThat(client.answers).as("one server has not spoken yet").isEmpty();
        grant(client, SECOND, client.sent.get(1), 8080);
        assertThat(client.answers.get(ticket))
                .isEqualTo(new MappingOutcome.Granted(new Endpoint(EXTERNAL, 8080), HOUR));
        assertThat(client.list()).extracting(view -> view.state()).containsExactly("ERROR_WAIT_RESEND", "MAPPED");
    }

    @Test
    void aRefusalIsTheAnswerWhenAllServersRefuse() {
        var client = client(ONE, OTHER);
        long ticket = want(client);
        for (var server : List.of(ADDRESS, SECOND)) {
            var request = lastTo(client, server);
            client.receive(
                    server, client.response(request, ResultCode.USER_EX_QUOTA.value(), new Lifetime(30), 0, EXTERNAL));
        }
        assertThat(client.answers.get(ticket))
                .isEqualTo(new MappingOutcome.Refused(ResultCode.USER_EX_QUOTA.value(), new Lifetime(30)));
    }

    @Test
    void whatIsReleasedIsReleasedAtAllServers() {
        var client = client(ONE, OTHER);
        want(client);
        grant(client, ADDRESS, lastTo(client, ADDRESS), 8080);
        grant(client, SECOND, lastTo(client, SECOND), 8080);
        long ticket = client.release(KEY);
        client.receive(ADDRESS, client.response(lastTo(client, ADDRESS), 0, Lifetime.DELETE, 0, EXTERNAL));
        assertThat(client.answers).doesNotContainKey(ticket);
        client.receive(SECOND, client.response(lastTo(client, SECOND), 0, Lifetime.DELETE, 0, EXTERNAL));
        assertThat(client.answers.get(ticket)).isEqualTo(new MappingOutcome.Released());
    }

    @Test
    @Proves("pcp:C-RETX-06")
    void afterFourTransmissionsTheNextAddressIsTriedAndTheFirstOneIsHeardNoMore() {
        var client = client(BOTH_ADDRESSES);
        want(client);
        var first = client.lastSent();
        client.pass(Duration.ofSeconds(60));
        client.connect(SOURCE);
        client.handle(new ClientEvent.Due());
        assertThat(client.sentTo).containsExactly(ADDRESS, ADDRESS, ADDRESS, ADDRESS, SECOND);
        assertThat(client.lastSent()).as("the same server, so the same nonce").isEqualTo(first);

        grant(client, ADDRESS, first, 8080);
        assertThat(client.view(KEY).state()).as("a late answer of the first").isEqualTo("WAIT_RESP");
        grant(client, SECOND, first, 8080);
        assertThat(client.view(KEY).state()).isEqualTo("MAPPED");
    }

    @Test
    @Proves("pcp:C-RETX-06")
    void whenNoAddressAnswersAllAreTriedAgainAfterAQuarterOfAnHour() {
        var client = client(BOTH_ADDRESSES);
        want(client);
        client.handle(new ClientEvent.Unreachable(ADDRESS));
        client.connect(SOURCE);
        client.handle(new ClientEvent.Due());
        assertThat(client.sentTo).as("at once").containsExactly(ADDRESS, SECOND);
        client.handle(new ClientEvent.Unreachable(SECOND));
        client.pass(Duration.ofMinutes(15).minusSeconds(1));
        assertThat(client.sentTo).hasSize(2);
        client.pass(Duration.ofSeconds(1));
        assertThat(client.sentTo).containsExactly(ADDRESS, SECOND, ADDRESS);
    }

    @Test
    void aServerCanBeAskedAtItsPorts() {
        for (int port : List.of(0, 65_536)) {
            var nowhere = ServerAddress.at(ADDRESS.address(), port);
            assertThatThrownBy(() -> PcpServer.at(nowhere))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("port " + port + " (expected: 1..65535)");
        }
    }

    @Test
    @Proves({"pcp:C-SEL-02", "pcp:C-RETX-05"})
    void theAddressThatAnsweredIsKeptUntilItIsSilent() {
        var client = client(BOTH_ADDRESSES);
        want(client);
        client.handle(new ClientEvent.Unreachable(ADDRESS));
        client.connect(SOURCE);
        client.handle(new ClientEvent.Due());
        grant(client, SECOND, client.lastSent(), 8080);
        client.sentTo.clear();
        client.pass(Duration.ofMinutes(59));
        assertThat(client.sentTo).as("renewals").isNotEmpty().containsOnly(SECOND);

        grant(client, SECOND, client.lastSent(), 8080);
        client.sent.clear();
        client.sentTo.clear();
        client.want(wants(OTHER_KEY, new ExternalChoice.Any()));
        client.pass(Duration.ofMinutes(1));
        assertThat(client.sentTo).as("it is silent now").startsWith(SECOND, SECOND, SECOND, SECOND, ADDRESS);
        grant(client, ADDRESS, lastTo(client, ADDRESS), 9090);
        assertThat(client.view(OTHER_KEY).state()).isEqualTo("MAPPED");
    }

    @Test
    @Proves("pcp:C-EPO-06")
    void eachAddressHasAnEpochOfItsOwn() {
        var client = client(BOTH_ADDRESSES);
        client.want(wants(OTHER_KEY, new ExternalChoice.Any()));
        grant(client, ADDRESS, client.lastSent(), 2000);
        want(client);
        client.handle(new ClientEvent.Unreachable(ADDRESS));
        client.connect(SOURCE);
        client.handle(new ClientEvent.Due());
        client.serverEpoch = 7;
        grant(client, SECOND, client.lastSent(), 8080);
        assertThat(client.view(OTHER_KEY).state()).isEqualTo("MAPPED");
        client.serverEpoch = 3;
        grant(client, SECOND, client.lastSent(), 8080);
        assertThat(client.view(OTHER_KEY).state())
                .as("now it has lost its state")
                .isEqualTo("NOT_SENT");
    }

    @Test
    @Proves({"pcp:F-21-01", "igd:I-IWFR-08", "igd:F-01"})
    void whatOneServerHadIsAskedOfTheNextWithItsExternalEndpointAndAnotherNonce() {
        var client = client(ONE);
        want(client);
        grant(client, ADDRESS, client.lastSent(), 9090);
        var before = client.lastSent();
        client.use(List.of(OTHER));
        client.pass(Duration.ofSeconds(1));
        assertThat(client.sentTo).containsExactly(ADDRESS, SECOND);
        assertThat(client.lastSent().suggestedPort()).isEqualTo(9090);
        assertThat(client.lastSent().suggestedAddress()).isEqualTo(EXTERNAL);
        assertThat(client.lastSent().nonce()).isNotEqualTo(before.nonce());
        assertThat(client.list()).as("each is listed once").hasSize(1);
    }

    @Test
    void aServerThatComesBackIsAskedWithTheNonceThatItKnows() {
        var client = client(ONE);
        want(client);
        grant(client, ADDRESS, client.lastSent(), 9090);
        var before = client.lastSent();
        client.use(List.of(OTHER));
        client.use(List.of(ONE));
        client.pass(Duration.ofSeconds(1));
        assertThat(client.sentTo.getLast()).isEqualTo(ADDRESS);
        assertThat(client.lastSent().nonce()).isEqualTo(before.nonce());
        client.pass(Duration.ofHours(2));
        assertThat(client.stored)
                .as("the one that is not back is forgotten with what it granted")
                .anyMatch(change ->
                        change instanceof Effect.Erase(MappingId(var server, var _)) && server.equals("another one"));
    }

    @Test
    void aServerThatIsAwayForAWhileKeepsItsMappings() {
        var client = client(ONE);
        want(client);
        grant(client, ADDRESS, client.lastSent(), 9090);
        client.use(List.of());
        client.pass(Duration.ofMinutes(5));
        assertThat(client.list()).hasSize(1);
        client.use(List.of(ONE));
        assertThat(client.view(KEY).state()).isEqualTo("MAPPED");
        client.pass(Duration.ofMinutes(35));
        assertThat(client.sentTo)
                .as("the renewal comes when it would have come")
                .hasSize(2);
    }

    @Test
    void whatIsWantedWhileThereIsNoServerIsAskedOfTheFirst() {
        var client = client();
        long ticket = want(client);
        assertThat(client.answers.get(ticket)).isEqualTo(new MappingOutcome.Unreachable());
        assertThat(client.stored).as("it outlives the client").hasSize(1);
        client.use(List.of(ONE));
        client.pass(Duration.ofSeconds(1));
        assertThat(client.sentTo).containsExactly(ADDRESS);
        assertThat(client.lastSent().suggestedPort()).isEqualTo(8080);
    }

    @Test
    @Proves("pcp:F-24-01")
    void fromAnotherSourceAllIsAskedAnew() {
        var client = client(ONE);
        want(client);
        grant(client, ADDRESS, client.lastSent(), 8080);
        client.handle(new ClientEvent.Connected(ADDRESS, ELSEWHERE));
        client.pass(Duration.ofSeconds(1));
        assertThat(client.lastSent().client()).isEqualTo(ELSEWHERE);
        assertThat(client.sent).hasSize(2);
        grant(client, ADDRESS, client.lastSent(), 8081);
        assertThat(client.told).containsExactly(new MappingEvent.Granted(KEY, new Endpoint(EXTERNAL, 8081)));
    }

    @Test
    void theSameSourceAgainChangesNothing() {
        var client = client(ONE);
        want(client);
        grant(client, ADDRESS, client.lastSent(), 8080);
        client.handle(new ClientEvent.Connected(ADDRESS, SOURCE));
        client.pass(Duration.ofSeconds(10));
        assertThat(client.sent).hasSize(1);
    }

    @Test
    void nothingIsSentBeforeThereIsAWay() {
        var client = new Lockstep(1, List.of(), List.of());
        client.handle(new ClientEvent.Servers(List.of(ONE)));
        want(client);
        assertThat(client.sent).isEmpty();
        assertThat(client.connecting).isNotEmpty();
        client.pass(Duration.ofSeconds(10));
        assertThat(client.connecting).as("it is tried again").hasSizeGreaterThan(2);
        client.connect(SOURCE);
        client.handle(new ClientEvent.Due());
        assertThat(client.sentTo).as("at once").containsExactly(ADDRESS);
    }
}
