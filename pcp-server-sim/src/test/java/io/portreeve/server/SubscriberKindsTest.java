package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.NOT_AUTHORIZED;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.pcp.ResultCode.SUCCESS;
import static io.portreeve.pcp.ResultCode.USER_EX_QUOTA;
import static io.portreeve.server.RequestChecksTest.result;
import static io.portreeve.server.WantedMap.map;
import static io.portreeve.server.WantedMap.thirdParty;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.LocalCgn;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Access;
import io.portreeve.server.engine.AddressPrefix;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.ServerEffect.AnnounceToAll;
import io.portreeve.server.engine.ServerEffect.Answer;
import io.portreeve.server.engine.ServerEffect.Ignore;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEffect.Send;
import io.portreeve.server.engine.ServerEvent.Clear;
import io.portreeve.server.engine.ServerEvent.ClearOf;
import io.portreeve.server.engine.ServerEvent.LeaseEnded;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerEvent.Renumber;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.engine.ServerPolicy.Rates;
import io.portreeve.server.engine.ServerPolicy.Versions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A subscriber is one address, all of a home's IPv6 prefix, or the end of a tunnel: in 2001:db8:1:100::/56 are two hosts, and in
 * the tunnels of two B4s a host each, which have the same address.
 */
@Proves("pcp:N-02")
final class SubscriberKindsTest {
    private static final List<AddressPrefix> ALL = List.of(AddressPrefix.EVERY_ADDRESS);
    private static final PcpAddress OTHER_ADDRESS = PcpAddress.parse("203.0.114.2");
    private static final SubscriberId HOME = new SubscriberId(PcpAddress.parse("2001:db8:1:100::"));
    private static final Client DESK = in(HOME, "2001:db8:1:101::5");
    private static final Client SOFA = in(HOME, "2001:db8:1:1ff::6");
    private static final Client NEIGHBOUR =
            in(new SubscriberId(PcpAddress.parse("2001:db8:1:200::")), "2001:db8:1:200::5");
    private static final SubscriberId B4 = new SubscriberId(PcpAddress.parse("2001:db8::b4"));
    private static final Client INSIDE = in(B4, "192.168.1.10");
    private static final Client OTHER_INSIDE = in(new SubscriberId(PcpAddress.parse("2001:db8::1:b4")), "192.168.1.10");

    private final ServerPolicy policy = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 2, false)
            .with(new Access(ALL, ALL, ALL, List.of(), 56))
            .with(Versions.PCP);
    private Bench bench = bench(policy);

    private static Client in(SubscriberId subscriber, String address) {
        return new Client(subscriber, new Endpoint(PcpAddress.parse(address), 49152));
    }

    private static Bench bench(ServerPolicy policy) {
        var pool = List.of(
                Bench.pool(2000, 2009).getFirst(),
                new PoolRange(OTHER_ADDRESS, Bench.pool(2000, 2009).getFirst().protocol(), 2000, 2009));
        return new Bench(policy, pool, 1000);
    }

    @AfterEach
    void nothingIsLeftOver() {
        bench.assertNoOrphan();
    }

    private Answer ask(Client client, PcpRequest request) {
        long id = bench.nextRequestId();
        bench.happen(new Received(id, client, request));
        return bench.answers.get(id);
    }

    private Answer ask(Client client, WantedMap wanted) {
        return ask(client, wanted.from(client.address()).build());
    }

    private MapResponse granted(Client client, WantedMap wanted) {
        return (MapResponse) ((Reply) ask(client, wanted)).response();
    }

    private long epochOf(Client client) {
        return ((Reply) ask(client, new AnnounceRequest(client.address())))
                .response()
                .epoch()
                .seconds();
    }

    private void renumber(SubscriberId subscriber) {
        bench.queue(new Renumber(bench.nextRequestId(), subscriber, OTHER_ADDRESS));
        bench.cgn.deleteSubscriber(subscriber);
        bench.run();
    }

    private List<Client> told() {
        return bench.unasked.stream()
                .filter(Send.class::isInstance)
                .map(sent -> ((Send) sent).client())
                .distinct()
                .toList();
    }

    private static Client listening(Client client) {
        return new Client(client.subscriber(), new Endpoint(client.address(), 5350));
    }

    @Test
    void anAddressOfAHomeIsItsSubscribers() {
        var access = policy.access();
        assertThat(access.subscriberAt(DESK.address())).isEqualTo(HOME);
        assertThat(access.subscriberAt(SOFA.address())).isEqualTo(HOME);
        assertThat(access.subscriberAt(NEIGHBOUR.address())).isEqualTo(NEIGHBOUR.subscriber());
        var ipv4 = PcpAddress.parse("100.64.0.2");
        assertThat(access.subscriberAt(ipv4)).isEqualTo(new SubscriberId(ipv4));
        assertThat(Access.NO_THIRD_PARTIES.subscriberAt(DESK.address())).isEqualTo(new SubscriberId(DESK.address()));
    }

    @Test
    void aHomeHasOneExternalAddressAndOneQuota() {
        var address = granted(DESK, map()).assignedAddress();
        assertThat(granted(SOFA, map()).assignedAddress()).isEqualTo(address);
        assertThat(result(ask(SOFA, map().port(9)))).isEqualTo(USER_EX_QUOTA);
        assertThat(result(ask(NEIGHBOUR, map()))).isEqualTo(SUCCESS);
    }

    @Test
    void aHomeHasOneEpochAndEachOfItsHostsWithMappingsIsTold() {
        granted(DESK, map());
        granted(SOFA, map());
        granted(NEIGHBOUR, map());
        bench.pass(Duration.ofSeconds(100));
        bench.happen(new ClearOf(HOME));
        assertThat(epochOf(DESK)).isZero();
        assertThat(epochOf(SOFA)).isZero();
        assertThat(epochOf(NEIGHBOUR)).isEqualTo(100);
        assertThat(told()).containsExactlyInAnyOrder(listening(DESK), listening(SOFA));
    }

    @Test
    void aHostMayBeNamedByThoseOfItsHomeAlone() {
        granted(SOFA, map());
        var third = thirdParty(SOFA.address().toString());
        assertThat(result(ask(DESK, map().port(9).with(third)))).isEqualTo(SUCCESS);
        granted(NEIGHBOUR, map());
        assertThat(result(ask(NEIGHBOUR, map().port(9).with(third)))).isEqualTo(NOT_AUTHORIZED);
    }

    /** Whoever asked is told, and it can tell that the mapping is not its own. */
    @Test
    void whoAskedForAnotherHostIsToldOfItsMapping() {
        var third = thirdParty("2001:db8:1:1ff::6");
        granted(DESK, map().with(third));
        bench = bench.restart();
        renumber(HOME);
        assertThat(told()).containsExactly(DESK);
        assertThat(((MapResponse) ((Send) bench.unasked.getFirst()).response()).options())
                .containsExactly(third);
    }

    @Test
    void aLeaseThatEndsTakesWhatItsHostAskedFor() {
        granted(DESK, map().with(thirdParty("2001:db8:1:1ff::7")));
        granted(SOFA, map());
        bench.happen(new LeaseEnded(DESK.address()));
        assertThat(bench.mappings())
                .extracting(view -> view.internal().address())
                .containsExactly(SOFA.address());
    }

    /** The work is under way for another host, when the one that asked for it is gone. */
    @Test
    void norIsGrantedWhatItHasJustAskedFor() {
        bench.cgnIsSlow = true;
        long id = bench.nextRequestId();
        var wanted = map().from(DESK.address()).with(thirdParty("2001:db8:1:1ff::7"));
        bench.happen(new Received(id, DESK, wanted.build()));
        bench.happen(new LeaseEnded(DESK.address()));
        bench.letTheCgnAnswer();
        assertThat(result(bench.answers.get(id))).isEqualTo(NO_RESOURCES);
        assertThat(bench.mappings()).isEmpty();
    }

    @Test
    @Proves("pcp:N-13")
    void twoHostsWithOneAddressInTwoTunnelsAreTwoSubscribers() {
        granted(INSIDE, map().suggest(2001));
        granted(OTHER_INSIDE, map().suggest(2002));
        assertThat(bench.cgn.table())
                .extracting(LocalCgn.Entry::subscriber)
                .containsExactlyInAnyOrder(B4, OTHER_INSIDE.subscriber());
        assertThat(bench.cgn.table())
                .extracting(entry -> entry.mapping().internal())
                .containsOnly(new Endpoint(INSIDE.address(), 8080));
        assertThat(result(ask(INSIDE, map().lifetime(0)))).isEqualTo(SUCCESS);
        assertThat(bench.cgn.table())
                .as("of two with one nonce the other one's stays")
                .extracting(LocalCgn.Entry::subscriber)
                .containsExactly(OTHER_INSIDE.subscriber());
    }

    /** In plain mode the B4 asks for its hosts, by packets of its own. */
    @Test
    @Proves("pcp:N-13")
    void aTunnelAndItsEndAreOneSubscriberInPlainModeToo() {
        var plain = new Bench(policy.with(Access.THIRD_PARTIES), Bench.pool(2000, 2009), 1000);
        var edge = Client.of(new Endpoint(B4.address(), 49152));
        long first = plain.nextRequestId();
        plain.happen(new Received(
                first,
                edge,
                map().from(B4.address()).with(thirdParty("192.168.1.10")).build()));
        assertThat(result(plain.answers.get(first))).isEqualTo(SUCCESS);
        long second = plain.nextRequestId();
        plain.happen(new Received(second, INSIDE, map().from(INSIDE.address()).build()));
        assertThat(result(plain.answers.get(second))).isEqualTo(SUCCESS);
        assertThat(plain.cgn.table())
                .singleElement()
                .satisfies(entry -> assertThat(entry.subscriber()).isEqualTo(B4));
        assertThat(plain.mappings())
                .singleElement()
                .satisfies(view -> assertThat(view.askedBy()).isEqualTo(INSIDE.endpoint()));
    }

    @Test
    void aTunnelsRequestsAreCountedTogether() {
        bench = bench(policy.with(new Rates(1, 0)));
        granted(INSIDE, map());
        assertThat(ask(in(B4, "192.168.1.11"), map())).isInstanceOf(Ignore.class);
        assertThat(result(ask(OTHER_INSIDE, map()))).isEqualTo(SUCCESS);
    }

    @Test
    void whetherATunnelIsAnsweredAndMayAskForOthersGoesByItsEnd() {
        var served = List.of(AddressPrefix.parse("2001:db8::b4"));
        bench = bench(policy.with(new Access(served, served, ALL, List.of(), 56)));
        assertThat(result(ask(INSIDE, map().with(thirdParty("192.168.1.11"))))).isEqualTo(SUCCESS);
        assertThat(ask(OTHER_INSIDE, map())).isInstanceOf(Ignore.class);
    }

    @Test
    void aTunnelThatTheCgnDoesNotKnowIsNotAuthorized() {
        bench.cgn.block(B4);
        assertThat(result(ask(INSIDE, map()))).isEqualTo(NOT_AUTHORIZED);
        assertThat(result(ask(OTHER_INSIDE, map()))).isEqualTo(SUCCESS);
    }

    @Test
    void aHostInATunnelIsToldWhatBecameOfItsMapping() {
        granted(INSIDE, map().suggest(2001));
        bench = bench.restart();
        renumber(B4);
        assertThat(told()).containsExactly(INSIDE);
        var update = (MapResponse) ((Send) bench.unasked.getFirst()).response();
        assertThat(update.assignedAddress()).isEqualTo(OTHER_ADDRESS);
        assertThat(update.options()).as("it asked for itself").isEmpty();
    }

    @Test
    void noGroupReachesIntoATunnelSoEachHostThereHearsOfALossItself() {
        granted(INSIDE, map());
        granted(DESK, map());
        bench.pass(Duration.ofSeconds(7));
        bench.happen(new Clear());
        assertThat(bench.unasked).filteredOn(AnnounceToAll.class::isInstance).hasSize(1);
        assertThat(told()).containsExactly(listening(INSIDE));
        bench.pass(Duration.ofHours(1));
        assertThat(bench.unasked).filteredOn(Send.class::isInstance).hasSize(10);
    }
}
