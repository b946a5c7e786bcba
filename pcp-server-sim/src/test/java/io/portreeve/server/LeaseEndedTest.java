package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.pcp.ResultCode.SUCCESS;
import static io.portreeve.server.RequestChecksTest.result;
import static io.portreeve.server.WantedMap.PREFER_FAILURE;
import static io.portreeve.server.WantedMap.map;
import static io.portreeve.server.WantedMap.thirdParty;
import static io.portreeve.server.WantedPeer.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.MappingView;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEvent.LeaseEnded;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerPolicy;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A DHCP server takes an address back. */
final class LeaseEndedTest {
    private static final PcpAddress NEIGHBOUR = PcpAddress.parse("100.64.0.3");
    private static final PcpAddress HOST = PcpAddress.parse("192.168.1.33");

    private final Bench bench = new Bench(
            new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, true), Bench.pool(2000, 2009), 1000);

    @AfterEach
    void nothingIsLeftOver() {
        bench.assertNoOrphan();
    }

    private void lease(PcpAddress ended) {
        bench.happen(new LeaseEnded(ended));
    }

    private long ask(WantedMap wanted) {
        long id = bench.nextRequestId();
        bench.happen(new Received(id, Client.of(new Endpoint(wanted.client(), 49152)), wanted.build()));
        return id;
    }

    @Test
    @Proves("pcp:S-LIFE-09")
    void theMappingsOfASubscriberEnd() {
        bench.granted(map().suggest(2001));
        bench.granted(map().port(2).with(thirdParty("192.168.1.33")));
        bench.granted(map().from(NEIGHBOUR));
        lease(Bench.CLIENT.address());
        assertThat(bench.mappings())
                .extracting(view -> view.askedBy().address())
                .containsExactly(NEIGHBOUR);
        assertThat(bench.cgn.table()).hasSize(1);
    }

    @Test
    @Proves("pcp:S-LIFE-09")
    void soDoThoseOfAThirdPartyWhoeverAskedForThem() {
        bench.granted(map());
        bench.granted(map().with(thirdParty("192.168.1.33")));
        bench.granted(map().from(NEIGHBOUR).with(thirdParty("192.168.1.33")));
        bench.granted(map().from(NEIGHBOUR).with(thirdParty("192.168.1.34")));
        lease(HOST);
        assertThat(bench.mappings())
                .extracting(view -> view.internal().address())
                .containsExactlyInAnyOrder(Bench.CLIENT.address(), PcpAddress.parse("192.168.1.34"));
    }

    @Test
    @Proves("pcp:S-LIFE-09")
    void theyEndAsIfTheirTimeWereOver() {
        bench.granted(map().suggest(2001));
        bench.pass(Duration.ofSeconds(100));
        lease(Bench.CLIENT.address());
        var wanted = map().from(NEIGHBOUR).suggest(2001).with(PREFER_FAILURE);
        bench.refused(wanted);
        bench.pass(Duration.ofSeconds(7440));
        bench.granted(wanted);
        assertThat(bench.unasked).isEmpty();
        var epoch = ((Reply) bench.ask(Bench.CLIENT, new AnnounceRequest(Bench.CLIENT.address())))
                .response()
                .epoch();
        assertThat(epoch.seconds()).as("nothing was lost").isEqualTo(7540);
    }

    @Test
    void theOperatorsOwnMappingsStay() {
        bench.add(
                new SubscriberId(Bench.CLIENT.address()),
                IpProtocol.TCP,
                new Endpoint(Bench.CLIENT.address(), 443),
                new Endpoint(Bench.EXTERNAL, 2005));
        bench.granted(map());
        lease(Bench.CLIENT.address());
        assertThat(bench.mappings()).extracting(MappingView::left).containsExactly(Lifetime.INFINITE);
    }

    @Test
    void whoHasTheAddressNextKnowsNoNonce() {
        bench.cgn.unlockDynamic();
        bench.ask(Bench.CLIENT, peer().build());
        assertThat(bench.ask(Bench.CLIENT, peer().nonce(9).build())).isInstanceOf(Refuse.class);
        lease(Bench.CLIENT.address());
        assertThat(bench.store.load().peers()).isZero();
        assertThat(bench.ask(Bench.CLIENT, peer().nonce(9).build())).isInstanceOf(Reply.class);
    }

    /** After so many answers of the CGN: it does not know the subscriber, nor the mapping, or only waits for the disk. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    @Proves("pcp:S-LIFE-09")
    void whatIsBeingMadeEndsToo(int answers) {
        bench.cgnIsSlow = true;
        long making = ask(map().suggest(2001));
        for (int i = 0; i + 1 < answers; i++) {
            bench.hearFromCgn(1);
            bench.run();
        }
        long waiting = answers == 2 ? making : ask(map().lifetime(600));
        if (answers > 0) {
            bench.hearFromCgn(1);
        }
        bench.queue(new LeaseEnded(Bench.CLIENT.address()));
        bench.run();
        assertThat(result(bench.answers.get(making))).isEqualTo(NO_RESOURCES);
        assertThat(result(bench.answers.get(waiting))).isEqualTo(NO_RESOURCES);
        long next = ask(map().nonce(9));
        bench.letTheCgnAnswer();
        assertThat(result(bench.answers.get(next))).isEqualTo(SUCCESS);
        assertThat(bench.mappings()).hasSize(1);
    }

    @Test
    @Proves("pcp:S-LIFE-09")
    void soDoesWhatIsBeingChanged() {
        bench.granted(map().suggest(2001));
        bench.cgnIsSlow = true;
        long changing = ask(map().with(new Filter(128, 0, PcpAddress.parse("198.51.100.10"))));
        long waiting = ask(map().lifetime(600));
        lease(Bench.CLIENT.address());
        assertThat(result(bench.answers.get(changing))).isEqualTo(NO_RESOURCES);
        assertThat(result(bench.answers.get(waiting))).isEqualTo(NO_RESOURCES);
        assertThat(bench.mappings()).isEmpty();
        bench.letTheCgnAnswer();
        assertThat(bench.mappings()).isEmpty();
        bench.refused(map().from(NEIGHBOUR).suggest(2001).with(PREFER_FAILURE));
    }

    @Test
    void whatIsBeingDeletedIsDeleted() {
        bench.granted(map());
        bench.cgnIsSlow = true;
        long deleting = ask(map().lifetime(0));
        long waiting = ask(map());
        lease(Bench.CLIENT.address());
        assertThat(result(bench.answers.get(waiting))).isEqualTo(NO_RESOURCES);
        bench.letTheCgnAnswer();
        assertThat(result(bench.answers.get(deleting))).isEqualTo(SUCCESS);
        assertThat(bench.mappings()).isEmpty();
    }
}
