package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.MALFORMED_OPTION;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.pcp.ResultCode.SUCCESS;
import static io.portreeve.server.RequestChecksTest.result;
import static io.portreeve.server.WantedGet.get;
import static io.portreeve.server.WantedMap.map;
import static io.portreeve.server.WantedMap.thirdParty;
import static io.portreeve.server.WantedPeer.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.Description;
import io.portreeve.pcp.PcpOption.Prefix64;
import io.portreeve.pcp.PcpOption.Unknown;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.MappingView;
import io.portreeve.server.engine.ServerEffect.AnnounceToAll;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEffect.Send;
import io.portreeve.server.engine.ServerEffect.SendNatPmp;
import io.portreeve.server.engine.ServerEffect.Unasked;
import io.portreeve.server.engine.ServerEvent.Clear;
import io.portreeve.server.engine.ServerEvent.ClearOf;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerEvent.StateLost;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.engine.ServerPolicy.Disclosure;
import io.portreeve.server.engine.ServerPolicy.Extras;
import io.portreeve.server.engine.ServerPolicy.Versions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients hear of a loss, and of the operator's clear. */
final class AnnounceTest {
    private static final Endpoint OTHER = new Endpoint(PcpAddress.parse("100.64.0.3"), 49152);
    private static final SubscriberId SUBSCRIBER = new SubscriberId(Bench.CLIENT.address());
    private static final Client LISTENER = Client.of(new Endpoint(Bench.CLIENT.address(), 5350));
    private static final ServerPolicy POLICY = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, true)
            .with(Extras.DEFAULT.with(Disclosure.NONCE))
            .with(Versions.PCP);

    private Bench bench = new Bench(POLICY, Bench.pool(2000, 2009), 1000);

    @AfterEach
    void nothingIsLeftOver() {
        bench.assertNoOrphan();
    }

    private AnnounceResponse announced(Endpoint client, PcpOption... options) {
        var request = new AnnounceRequest(client.address(), List.of(options));
        return (AnnounceResponse) ((Reply) bench.ask(client, request)).response();
    }

    private long epochOf(Endpoint client) {
        return announced(client).epoch().seconds();
    }

    private static long epochIn(Unasked sent) {
        return switch (sent) {
            case AnnounceToAll(var response) -> response.epoch().seconds();
            case Send(var _, var response) -> response.epoch().seconds();
            case SendNatPmp(var _, var response) -> response.epoch().seconds();
        };
    }

    private void mapForBoth() {
        bench.ask(Bench.CLIENT, map().build());
        bench.ask(OTHER, map().from(OTHER.address()).build());
    }

    @Test
    @Proves("pcp:S-RR-03")
    void whoAsksHearsTheEpochAndNothingIsKept() {
        bench.pass(Duration.ofSeconds(7));
        assertThat(announced(Bench.CLIENT, Prefix64.QUESTION, new Description("x"), new Unknown(200)))
                .isEqualTo(new AnnounceResponse(ResultCode.SUCCESS.value(), new EpochTime(7)));
        assertThat(bench.store.load().subscribers()).isEmpty();
        assertThat(bench.unasked).isEmpty();
    }

    @Test
    @Proves("wire:N21")
    void anOptionThatMeansNothingThereIsRefused() {
        var request = new AnnounceRequest(Bench.CLIENT.address(), List.of(thirdParty("192.168.1.33")));
        assertThat(result(bench.ask(Bench.CLIENT, request))).isEqualTo(MALFORMED_OPTION);
    }

    @Test
    @Proves("pcp:S-EPO-01")
    void theEpochCountsSecondsInEveryAnswer() {
        bench.cgn.unlockDynamic();
        bench.ask(Bench.CLIENT, map().build());
        bench.pass(Duration.ofSeconds(100).plusMillis(999));
        var epoch = new EpochTime(100);
        for (var request :
                List.of(new AnnounceRequest(Bench.CLIENT.address()), map().build(), peer().build(), get().build())) {
            var reply = (Reply) bench.ask(Bench.CLIENT, request);
            assertThat(reply.response().epoch()).isEqualTo(epoch);
        }
        bench.pass(Duration.ofMillis(1));
        assertThat(epochOf(Bench.CLIENT)).isEqualTo(101);
    }

    @Test
    @Proves({"pcp:S-RR-01", "pcp:S-RR-02"})
    void aLossIsAnnouncedTenTimesEverMoreSeldom() {
        bench.pass(Duration.ofSeconds(1000));
        bench.happen(new Clear());
        assertTenTimesEverMoreSeldom(bench);
        assertThat(bench.unasked)
                .hasOnlyElementsOfType(AnnounceToAll.class)
                .extracting(AnnounceTest::epochIn)
                .as("each with the epoch of its moment")
                .containsExactly(0L, 0L, 0L, 1L, 3L, 7L, 15L, 31L, 63L, 127L);
        assertThat(bench.unasked)
                .allSatisfy(sent ->
                        assertThat(((AnnounceToAll) sent).response().result()).isZero());
    }

    /** What {@code bench} has begun to tell it tells again, waiting twice as long each time, and then no more. */
    static void assertTenTimesEverMoreSeldom(Bench bench) {
        var gap = Duration.ofMillis(250);
        for (int copies = 1; copies < 10; copies++) {
            assertThat(bench.unasked).hasSize(copies);
            bench.pass(gap.minusMillis(1));
            assertThat(bench.unasked).hasSize(copies);
            bench.pass(Duration.ofMillis(1));
            gap = gap.multipliedBy(2);
        }
        bench.pass(Duration.ofHours(1));
        assertThat(bench.unasked).hasSize(10);
    }

    @Test
    @Proves("pcp:S-RR-02")
    void aLossOfAnEarlierServersStateIsAnnounced() {
        bench.happen(new StateLost());
        assertThat(bench.unasked).hasSize(1).hasOnlyElementsOfType(AnnounceToAll.class);
        bench.pass(Duration.ofMinutes(5));
        assertThat(bench.unasked).hasSize(10);
    }

    @Test
    @Proves({"pcp:F-26-02", "pcp:S-EPO-02"})
    void aClearTakesAllMappingsAndResetsAllEpochs() {
        mapForBoth();
        bench.pass(Duration.ofSeconds(100));
        bench.happen(new Clear());
        assertThat(bench.mappings()).isEmpty();
        assertThat(bench.cgn.table()).isEmpty();
        bench.pass(Duration.ofSeconds(5));
        assertThat(epochOf(Bench.CLIENT)).isEqualTo(5);
        assertThat(epochOf(OTHER)).isEqualTo(5);
    }

    @Test
    @Proves({"pcp:S-EPO-03", "pcp:F-26-02", "pcp:S-RR-02"})
    void aClearOfOneIsItsAlone() {
        mapForBoth();
        bench.pass(Duration.ofSeconds(100));
        bench.happen(new ClearOf(SUBSCRIBER));
        assertThat(bench.mappings()).extracting(MappingView::askedBy).containsExactly(OTHER);
        bench.pass(Duration.ofSeconds(5));
        assertThat(epochOf(Bench.CLIENT)).isEqualTo(5);
        assertThat(epochOf(OTHER)).isEqualTo(105);
        bench.pass(Duration.ofHours(1));
        assertThat(bench.unasked)
                .hasSize(10)
                .allSatisfy(sent -> assertThat(((Send) sent).client()).isEqualTo(LISTENER));
        assertThat(bench.unasked)
                .extracting(AnnounceTest::epochIn)
                .startsWith(0L, 0L, 0L, 1L)
                .endsWith(63L, 127L);
    }

    @Test
    @Proves("pcp:F-26-02")
    void itsNextMappingHasTheNewEpoch() {
        mapForBoth();
        bench.pass(Duration.ofSeconds(100));
        bench.happen(new ClearOf(SUBSCRIBER));
        var again = (Reply) bench.ask(Bench.CLIENT, map().build());
        assertThat(again.response().epoch().seconds()).isZero();
        bench.pass(Duration.ofSeconds(30));
        bench.happen(new Clear());
        bench.pass(Duration.ofSeconds(5));
        assertThat(epochOf(Bench.CLIENT)).as("the common one again").isEqualTo(5);
    }

    /** Otherwise the next server would go on with an epoch that says that nothing was lost. */
    @Test
    @Proves({"pcp:S-EPO-02", "pcp:F-26-02"})
    void anEpochThatCouldNotBeWrittenIsWrittenAsSoonAsItCan() {
        mapForBoth();
        bench.pass(Duration.ofSeconds(100));
        bench.store.full = true;
        bench.happen(new Clear());
        bench.pass(Duration.ofSeconds(10));
        bench.happen(new ClearOf(SUBSCRIBER));
        bench.store.full = false;
        bench.pass(Duration.ofSeconds(5));
        bench = bench.restart();
        assertThat(epochOf(Bench.CLIENT)).isEqualTo(5);
        assertThat(epochOf(OTHER)).isEqualTo(15);
    }

    /** The common epoch is owed, and takes those from the disk that are not. */
    @Test
    void anEpochThatIsWrittenLateLeavesTheOthers() {
        mapForBoth();
        bench.pass(Duration.ofSeconds(100));
        bench.store.full = true;
        bench.happen(new Clear());
        bench.store.full = false;
        bench.pass(Duration.ofMillis(500));
        bench.happen(new ClearOf(SUBSCRIBER));
        bench.pass(Duration.ofMillis(5500));
        bench = bench.restart();
        assertThat(epochOf(Bench.CLIENT)).isEqualTo(5);
        assertThat(epochOf(OTHER)).isEqualTo(6);
    }

    @Test
    void twoSubscribersAreToldEachItsOwn() {
        mapForBoth();
        bench.happen(new ClearOf(SUBSCRIBER));
        bench.pass(Duration.ofMillis(100));
        bench.happen(new ClearOf(new SubscriberId(OTHER.address())));
        bench.pass(Duration.ofHours(1));
        assertThat(bench.unasked)
                .filteredOn(sent -> ((Send) sent).client().equals(LISTENER))
                .hasSize(10);
        assertThat(bench.unasked).hasSize(20);
    }

    @Test
    void whoLosesNothingIsNotTold() {
        var inside = new Endpoint(Bench.CLIENT.address(), 443);
        bench.add(SUBSCRIBER, IpProtocol.TCP, inside, new Endpoint(Bench.EXTERNAL, 2005));
        bench.happen(new ClearOf(SUBSCRIBER));
        assertThat(bench.unasked).isEmpty();
    }

    @Test
    void aClearOfAllEndsTheSeriesOfOne() {
        mapForBoth();
        bench.happen(new ClearOf(SUBSCRIBER));
        bench.happen(new Clear());
        bench.pass(Duration.ofHours(1));
        assertThat(bench.unasked).filteredOn(Send.class::isInstance).hasSize(1);
        assertThat(bench.unasked).filteredOn(AnnounceToAll.class::isInstance).hasSize(10);
    }

    @Test
    @Proves("pcp:F-26-02")
    void theOperatorsOwnMappingsSurviveEveryClear() {
        var inside = new Endpoint(Bench.CLIENT.address(), 443);
        var external = new Endpoint(Bench.EXTERNAL, 2005);
        bench.add(SUBSCRIBER, IpProtocol.TCP, inside, external);
        mapForBoth();
        bench.happen(new ClearOf(SUBSCRIBER));
        assertThat(bench.mappings()).hasSize(2);
        bench.happen(new Clear());
        assertThat(bench.mappings()).extracting(MappingView::external).containsExactly(external);
        assertThat(bench.cgn.table()).hasSize(1);
    }

    @Test
    void whatIsClearedBeforeItIsWrittenIsNotGranted() {
        bench.ask(Bench.CLIENT, map().port(1).build());
        bench.cgnIsSlow = true;
        long made = ask(map().port(2));
        bench.cgnIsSlow = false;
        bench.hearFromCgn(1);
        long renewed = bench.nextRequestId();
        bench.queue(new Received(renewed, Client.of(Bench.CLIENT), map().port(1).build()));
        bench.queue(new Clear());
        bench.run();
        assertThat(result(bench.answers.get(made))).isEqualTo(NO_RESOURCES);
        assertThat(result(bench.answers.get(renewed))).isEqualTo(NO_RESOURCES);
        assertThat(bench.mappings()).isEmpty();
    }

    @Test
    void norIsItTakenTwiceIfItCannotBeWritten() {
        bench.cgnIsSlow = true;
        long made = ask(map().suggest(2001));
        bench.hearFromCgn(1);
        bench.run();
        bench.store.full = true;
        bench.hearFromCgn(1);
        bench.queue(new Clear());
        bench.run();
        bench.letTheCgnAnswer();
        assertThat(result(bench.answers.get(made))).isEqualTo(NO_RESOURCES);
        assertThat(bench.mappings()).isEmpty();
        bench.store.full = false;
        bench.pass(Duration.ofHours(3));
        for (int port = 1; port <= 10; port++) {
            assertThat(result(bench.ask(Bench.CLIENT, map().port(port).build())))
                    .isEqualTo(SUCCESS);
        }
        assertThat(result(bench.ask(Bench.CLIENT, map().port(11).build()))).isEqualTo(NO_RESOURCES);
    }

    private long ask(WantedMap wanted) {
        long id = bench.nextRequestId();
        bench.happen(new Received(id, Client.of(Bench.CLIENT), wanted.build()));
        return id;
    }

    private static long epochAfterRestart(Bench bench, Endpoint client) {
        var reply = (Reply) bench.restart().ask(client, new AnnounceRequest(client.address()));
        return reply.response().epoch().seconds();
    }

    @Test
    @Proves({"pcp:S-EPO-02", "rel:I9"})
    void anEpochThatCouldNotBeStoredIsStoredAsSoonAsThatIsPossible() {
        mapForBoth();
        bench.pass(Duration.ofSeconds(100));
        bench.store.full = true;
        bench.happen(new Clear());
        bench.store.full = false;
        bench.pass(Duration.ofSeconds(2));
        assertThat(epochAfterRestart(bench, OTHER)).isEqualTo(2);
    }

    @Test
    @Proves({"pcp:S-EPO-02", "rel:I9"})
    void soIsThatOfOneSubscriber() {
        mapForBoth();
        bench.pass(Duration.ofSeconds(100));
        bench.store.full = true;
        bench.happen(new ClearOf(SUBSCRIBER));
        bench.store.full = false;
        bench.pass(Duration.ofSeconds(2));
        assertThat(epochAfterRestart(bench, Bench.CLIENT)).isEqualTo(2);
        assertThat(epochAfterRestart(bench, OTHER)).isEqualTo(102);
    }
}
