package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.CANNOT_PROVIDE_EXTERNAL;
import static io.portreeve.pcp.ResultCode.NETWORK_FAILURE;
import static io.portreeve.pcp.ResultCode.NOT_AUTHORIZED;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.pcp.ResultCode.USER_EX_QUOTA;
import static io.portreeve.server.WantedMap.PREFER_FAILURE;
import static io.portreeve.server.WantedMap.map;
import static io.portreeve.server.WantedMap.thirdParty;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Unknown;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.Packet;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.engine.SubscriberKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MappingLifeTest {
    private static final Endpoint OTHER_CLIENT = new Endpoint(PcpAddress.parse("100.64.0.3"), 49152);

    private final Bench bench = bench(64, 1000, Bench.pool(2000, 2009));

    private static Bench bench(int quota, int capacity, List<PoolRange> pool) {
        return new Bench(new ServerPolicy(new Lifetime(120), new Lifetime(86_400), quota, true), pool, capacity);
    }

    @AfterEach
    void nothingIsLeftOver() {
        bench.assertNoOrphan();
    }

    private MapResponse granted(WantedMap asked) {
        return granted(bench, asked);
    }

    private static MapResponse granted(Bench bench, WantedMap asked) {
        var source = new Endpoint(asked.client(), 49152);
        assertThat(bench.ask(source, asked.build())).isInstanceOf(Reply.class);
        return (MapResponse) ((Reply) bench.ask(source, asked.build())).response();
    }

    private Refuse refused(WantedMap asked) {
        return refused(bench, asked);
    }

    private static Refuse refused(Bench bench, WantedMap asked) {
        return (Refuse) bench.ask(new Endpoint(asked.client(), 49152), asked.build());
    }

    @Test
    @Proves({"pcp:S-MAP-01", "pcp:S-GEN-13", "wire:N18"})
    void theAnswerSaysWhatWasAskedAndWhatIsGranted() {
        var third = thirdParty("192.168.1.33");
        var answer = granted(map().suggest(2001).with(third, PREFER_FAILURE, new Unknown(200)));
        assertThat(answer)
                .isEqualTo(new MapResponse(
                        0,
                        new Lifetime(3600),
                        new EpochTime(0),
                        map().nonce(),
                        IpProtocol.TCP,
                        8080,
                        2001,
                        Bench.EXTERNAL,
                        List.of(third, PREFER_FAILURE)));
    }

    @ParameterizedTest
    @CsvSource({"1, 120", "119, 120", "120, 120", "7200, 7200", "86400, 86400", "86401, 86400", "4294967295, 86400"})
    @Proves("pcp:S-LIFE-01")
    void lifetimesAreKeptWithinTheirLimits(long asked, long granted) {
        assertThat(granted(map().lifetime(asked)).lifetime()).isEqualTo(new Lifetime(granted));
    }

    @Test
    @Proves("pcp:S-MAP-05")
    void aMappingKeepsItsExternalPortWhateverIsSuggestedLater() {
        granted(map().suggest(2001));
        var renewed = granted(map().suggest(2002).lifetime(7200));
        assertThat(renewed.assignedPort()).isEqualTo(2001);
        assertThat(renewed.lifetime()).isEqualTo(new Lifetime(7200));
        assertThat(refused(map().suggest(2002).with(PREFER_FAILURE)).result()).isEqualTo(CANNOT_PROVIDE_EXTERNAL);
        assertThat(granted(map().suggest(2001).with(PREFER_FAILURE)).assignedPort())
                .isEqualTo(2001);
    }

    @Test
    @Proves({"rel:T-32", "wire:N16"})
    void anotherNonceIsToldHowLongAndNothingElse() {
        granted(map().suggest(2001));
        bench.pass(Duration.ofSeconds(600).plusMillis(1));
        for (var stranger : List.of(
                map().nonce(9), map().nonce(9).lifetime(0), map().nonce(9).suggest(2001))) {
            var refused = refused(stranger);
            assertThat(refused.result()).isEqualTo(NOT_AUTHORIZED);
            assertThat(refused.lifetime()).isEqualTo(new Lifetime(3000));
        }
        assertThat(bench.mappings().getFirst().left()).isEqualTo(new Lifetime(3000));
    }

    @Test
    @Proves("rel:T-32")
    void anotherSubscriberCannotReachAMapping() {
        granted(map().suggest(2001));
        var stranger = map().from(OTHER_CLIENT.address()).with(thirdParty("100.64.0.2"));
        assertThat(refused(stranger).result()).isEqualTo(NOT_AUTHORIZED);
        granted(stranger.lifetime(0));
        assertThat(bench.mappings()).hasSize(1);
    }

    @Test
    void twoSubscribersMayHaveHostsOfTheSameAddress() {
        var mine = granted(map().with(thirdParty("192.168.1.33")));
        var theirs = granted(map().from(OTHER_CLIENT.address()).nonce(9).with(thirdParty("192.168.1.33")));
        assertThat(mine.assignedPort()).isNotEqualTo(theirs.assignedPort());
    }

    @Test
    @Proves({"pcp:S-LIFE-03", "pcp:S-GEN-13"})
    void aDeletionTwiceIsTwoSuccesses() {
        granted(map().suggest(2001));
        for (int i = 0; i < 2; i++) {
            var deleted = granted(map().lifetime(0).suggest(2005).suggest("203.0.114.9"));
            assertThat(deleted.lifetime()).isEqualTo(Lifetime.DELETE);
            assertThat(deleted.assignedPort()).isEqualTo(2005);
            assertThat(deleted.assignedAddress()).isEqualTo(PcpAddress.parse("203.0.114.9"));
            assertThat(bench.mappings()).isEmpty();
            bench.assertNoOrphan();
        }
        assertThat(granted(map().suggest(2001)).assignedPort()).as("free again").isEqualTo(2001);
    }

    @Test
    @Proves("pcp:S-LIFE-06")
    void thereIsNoDeleteAll() {
        granted(map().port(1));
        granted(map().port(2));
        granted(map().protocol(17).port(3));
        granted(map().protocol(0).port(0).lifetime(0));
        granted(map().protocol(6).port(0).lifetime(0));
        assertThat(bench.mappings()).hasSize(3);
    }

    @Test
    @Proves("pcp:S-LIFE-05")
    void theSuggestedFamilySaysWhichMappingGoes() {
        granted(map());
        granted(map().suggest("::").lifetime(0));
        assertThat(bench.mappings()).hasSize(1);
        granted(map().suggest("0.0.0.0").lifetime(0));
        assertThat(bench.mappings()).isEmpty();
    }

    @Test
    void aMappingEndsWithItsLifetime() {
        granted(map().lifetime(600));
        bench.pass(Duration.ofSeconds(599));
        assertThat(bench.mappings()).hasSize(1);
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.mappings()).isEmpty();
        bench.assertNoOrphan();
    }

    @Test
    void aRenewedMappingLivesOn() {
        granted(map().lifetime(600));
        bench.pass(Duration.ofSeconds(500));
        granted(map().lifetime(600));
        bench.pass(Duration.ofSeconds(599));
        assertThat(bench.mappings()).hasSize(1);
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.mappings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 203.0.114.1, no preference",
        "2001, 203.0.114.1, taken",
        "80, 203.0.114.1, outside of the pool",
        "2003, 198.51.100.1, somebody else's address",
        "2003, 127.0.0.1, loopback",
        "2003, 224.0.0.1, multicast",
        "2003, 255.255.255.255, broadcast"
    })
    @Proves({"pcp:S-MAP-08", "pcp:S-MAP-15"})
    void aSuggestionNeverHarms(int port, String address, String why) {
        granted(map().from(OTHER_CLIENT.address()).suggest(2001));
        var answer = granted(map().suggest(port).suggest(address));
        assertThat(answer.assignedAddress()).as(why).isEqualTo(Bench.EXTERNAL);
        assertThat(answer.assignedPort()).as(why).isBetween(2000, 2009).isNotEqualTo(2001);
    }

    @Test
    @Proves("pcp:S-MAP-07")
    void whatIsFreeIsGrantedAsSuggested() {
        for (int port = 2009; port >= 2000; port--) {
            assertThat(granted(map().port(port).suggest(port)).assignedPort()).isEqualTo(port);
        }
    }

    @Test
    @Proves("pcp:S-MAP-15")
    void allOfASubscribersMappingsHaveOneAddress() {
        var pool = new ArrayList<PoolRange>();
        for (int i = 1; i <= 4; i++) {
            var external = PcpAddress.parse("203.0.114." + i);
            pool.add(new PoolRange(external, IpProtocol.TCP, 2000, 2009));
            pool.add(new PoolRange(external, IpProtocol.UDP, 2000, 2009));
        }
        var paired = bench(64, 1000, pool);
        var addresses = new LinkedHashMap<PcpAddress, PcpAddress>();
        for (int port = 1; port <= 8; port++) {
            for (var client : List.of(Bench.CLIENT.address(), OTHER_CLIENT.address())) {
                var answer = granted(paired, map().from(client).port(port).protocol(port % 2 == 0 ? 6 : 17));
                assertThat(addresses.merge(client, answer.assignedAddress(), (first, _) -> first))
                        .isEqualTo(answer.assignedAddress());
            }
        }
        assertThat(addresses.values()).doesNotHaveDuplicates();
    }

    @Test
    @Proves("pcp:S-MAP-11")
    void renewalsAndDeletionsAreNotCountedButNewMappingsAre() {
        var small = bench(2, 1000, Bench.pool(2000, 2009));
        granted(small, map().port(1));
        granted(small, map().port(2));
        assertThat(refused(small, map().port(3)))
                .extracting(Refuse::result, Refuse::lifetime)
                .containsExactly(USER_EX_QUOTA, new Lifetime(30));
        granted(small, map().port(2).lifetime(7200));
        granted(small, map().from(OTHER_CLIENT.address()).port(3));
        granted(small, map().port(1).lifetime(0));
        granted(small, map().port(3));
        assertThat(refused(small, map().port(1)).result()).isEqualTo(USER_EX_QUOTA);
        small.pass(Duration.ofHours(2));
        granted(small, map().port(4));
        granted(small, map().port(5));
        small.assertNoOrphan();
    }

    @Test
    @Proves("pcp:S-MAP-10")
    void anEmptyPoolIsALackOfResources() {
        for (int port = 1; port <= 10; port++) {
            granted(map().port(port));
        }
        assertThat(refused(map().port(11)))
                .extracting(Refuse::result, Refuse::lifetime)
                .containsExactly(NO_RESOURCES, new Lifetime(30));
        assertThat(refused(map().port(11).suggest(2001).with(PREFER_FAILURE)).result())
                .isEqualTo(CANNOT_PROVIDE_EXTERNAL);
        granted(map().port(1).lifetime(0));
        granted(map().port(11));
    }

    @Test
    void aCgnThatIsFullLeavesNoTrace() {
        var full = bench(64, 1, Bench.pool(2000, 2001));
        granted(full, map().port(1).suggest(2000));
        for (int i = 0; i < 5; i++) {
            assertThat(refused(full, map().port(2).suggest(2001)).result()).isEqualTo(NO_RESOURCES);
        }
        full.assertNoOrphan();
        granted(full, map().port(1).lifetime(0));
        assertThat(granted(full, map().port(2).suggest(2001)).assignedPort()).isEqualTo(2001);
    }

    @Test
    void whomTheCgnDoesNotServeIsNotAuthorised() {
        bench.cgn.block(new SubscriberId(Bench.CLIENT.address()));
        assertThat(refused(map()))
                .extracting(Refuse::result, Refuse::lifetime)
                .containsExactly(NOT_AUTHORIZED, new Lifetime(1800));
        assertThat(bench.cgn.table()).isEmpty();
        assertThat(bench.store.load().subscribers()).isEmpty();
    }

    @Test
    void anImplicitMappingOfTheSameTupleIsNoObstacle() {
        granted(map().port(1));
        bench.cgn.unlockDynamic();
        var inside = new Endpoint(Bench.CLIENT.address(), 2);
        var line = new SubscriberId(Bench.CLIENT.address());
        var packet = Packet.inside(line, IpProtocol.TCP, inside, new Endpoint(PcpAddress.parse("198.51.100.10"), 80));
        var before = bench.cgn.outbound(packet).orElseThrow();
        granted(map().port(2));
        assertThat(bench.cgn.outbound(packet)).contains(before);
    }

    @Test
    void anUnknownFamilyLastsLong() {
        assertThat(refused(map().suggest("::")))
                .extracting(Refuse::result, Refuse::lifetime)
                .containsExactly(NETWORK_FAILURE, new Lifetime(1800));
    }

    @Test
    @Proves("pcp:N-11")
    void aDeletedSubscriberLosesEverythingAndMayComeBack() {
        granted(map().port(1).suggest(2001));
        granted(map().port(2));
        granted(map().from(OTHER_CLIENT.address()));
        bench.cgn.deleteSubscriber(new SubscriberId(Bench.CLIENT.address()));
        bench.run();
        assertThat(bench.mappings()).hasSize(1);
        assertThat(bench.store.load().subscribers())
                .containsOnly(entry(
                        SubscriberKey.of(new SubscriberId(OTHER_CLIENT.address()), Bench.EXTERNAL), Bench.EXTERNAL));
        bench.assertNoOrphan();
        assertThat(granted(map().port(7).suggest(2001)).assignedPort())
                .as("its port is free")
                .isEqualTo(2001);
    }

    @Test
    void everyAnswerHasTheEpoch() {
        bench.pass(Duration.ofSeconds(100).plusMillis(999));
        var epoch = new EpochTime(100);
        var announced = bench.ask(Bench.CLIENT, new AnnounceRequest(Bench.CLIENT.address()));
        assertThat(((Reply) announced).response()).isEqualTo(new AnnounceResponse(ResultCode.SUCCESS.value(), epoch));
        assertThat(granted(map()).epoch()).isEqualTo(epoch);
        assertThat(granted(map().lifetime(0)).epoch()).isEqualTo(epoch);
        assertThat(refused(map().protocol(132)).epoch()).isEqualTo(epoch);
    }
}
