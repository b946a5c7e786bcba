package io.portreeve.server;

import static io.portreeve.server.WantedMap.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.natpmp.ExternalAddressResponse;
import io.portreeve.pcp.natpmp.NatPmpResult;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.ServerEffect.AnnounceToAll;
import io.portreeve.server.engine.ServerEffect.Send;
import io.portreeve.server.engine.ServerEffect.SendNatPmp;
import io.portreeve.server.engine.ServerEvent.Clear;
import io.portreeve.server.engine.ServerEvent.ClearOf;
import io.portreeve.server.engine.ServerEvent.Renumber;
import io.portreeve.server.engine.ServerEvent.StateLost;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.engine.ServerPolicy.Versions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients of NAT-PMP hear of a loss and of another external address. */
final class NatPmpAnnounceTest {
    private static final Endpoint ALL_HOSTS = new Endpoint(PcpAddress.parse("224.0.0.1"), 5350);
    private static final PcpAddress NEIGHBOUR = PcpAddress.parse("100.64.0.3");
    private static final PcpAddress OTHER_EXTERNAL = PcpAddress.parse("203.0.114.2");
    private static final ServerPolicy POLICY = new ServerPolicy(new Lifetime(120), new Lifetime(3600), 64, true);

    private Bench bench = new Bench(POLICY.with(Versions.NAT_PMP), Bench.pool(2000, 2009), 1000);

    @AfterEach
    void nothingIsLeftOver() {
        bench.assertNoOrphan();
    }

    private static List<PoolRange> twoAddresses() {
        return Stream.of(Bench.EXTERNAL, OTHER_EXTERNAL)
                .map(address -> new PoolRange(address, IpProtocol.TCP, 2000, 2009))
                .toList();
    }

    private static SendNatPmp told(Endpoint client, long epoch, PcpAddress external) {
        return new SendNatPmp(
                client, new ExternalAddressResponse(NatPmpResult.SUCCESS, new EpochTime(epoch), external));
    }

    private static Endpoint listener(PcpAddress client) {
        return new Endpoint(client, 5350);
    }

    @Test
    @Proves("pcp:B-NPMP-06")
    void aLossIsToldToAllTenTimesEverMoreSeldomEachWithItsEpoch() {
        bench.pass(Duration.ofSeconds(1000));
        bench.happen(new Clear());
        AnnounceTest.assertTenTimesEverMoreSeldom(bench);
        assertThat(bench.unasked)
                .isEqualTo(Stream.of(0, 0, 0, 1, 3, 7, 15, 31, 63, 127)
                        .map(epoch -> told(ALL_HOSTS, epoch, Bench.EXTERNAL))
                        .toList());
    }

    @Test
    @Proves("pcp:B-NPMP-06")
    void aLossOfAnEarlierServersStateIsToldToo() {
        bench.happen(new StateLost());
        assertThat(bench.unasked).containsExactly(told(ALL_HOSTS, 0, Bench.EXTERNAL));
    }

    @Test
    void whoSpeaksBothAnnouncesInBothAndWhoDoesNotSpeakItDoesNot() {
        bench = new Bench(POLICY, Bench.pool(2000, 2009), 1000);
        bench.happen(new Clear());
        assertThat(bench.unasked).hasExactlyElementsOfTypes(AnnounceToAll.class, SendNatPmp.class);
        bench = new Bench(POLICY.with(Versions.PCP), Bench.pool(2000, 2009), 1000);
        bench.happen(new Clear());
        assertThat(bench.unasked).hasExactlyElementsOfTypes(AnnounceToAll.class);
    }

    @Test
    void subscribersOfDifferentExternalAddressesAreToldEachItsOwn() {
        bench = new Bench(POLICY.with(Versions.NAT_PMP), twoAddresses(), 1000);
        bench.granted(map());
        bench.granted(map().from(NEIGHBOUR));
        bench.happen(new Clear());
        assertThat(bench.unasked)
                .containsExactlyInAnyOrder(
                        told(listener(Bench.CLIENT.address()), 0, Bench.EXTERNAL),
                        told(listener(NEIGHBOUR), 0, OTHER_EXTERNAL));
        bench.pass(Duration.ofHours(1));
        assertThat(bench.unasked).hasSize(20);
    }

    @Test
    void theLossOfOneIsToldToItAlone() {
        bench.granted(map());
        bench.granted(map().from(NEIGHBOUR));
        bench.pass(Duration.ofSeconds(77));
        bench.happen(new ClearOf(new SubscriberId(NEIGHBOUR)));
        assertThat(bench.unasked).containsExactly(told(listener(NEIGHBOUR), 0, Bench.EXTERNAL));
    }

    @Test
    @Proves("pcp:B-NPMP-06")
    void anotherExternalAddressIsToldToWhomItConcerns() {
        bench = new Bench(POLICY, twoAddresses(), 1000);
        new NatPmpClient(bench).map(IpProtocol.TCP, 80, 2001, 600);
        bench.pass(Duration.ofSeconds(77));
        var subscriber = new SubscriberId(Bench.CLIENT.address());
        bench.happen(new Renumber(bench.nextRequestId(), subscriber, OTHER_EXTERNAL));
        bench.cgn.deleteSubscriber(subscriber);
        bench.run();
        assertThat(bench.unasked).containsExactly(told(listener(Bench.CLIENT.address()), 0, OTHER_EXTERNAL));
        bench.pass(Duration.ofHours(1));
        assertThat(bench.unasked).hasSize(10).hasOnlyElementsOfType(SendNatPmp.class);
    }

    @Test
    void aMappingOfPcpIsToldInPcpAndNotByAServerThatHasNone() {
        for (var versions : List.of(Versions.PCP_AND_NAT_PMP, Versions.NAT_PMP)) {
            bench = new Bench(POLICY.with(versions), twoAddresses(), 1000);
            bench.granted(map());
            var subscriber = new SubscriberId(Bench.CLIENT.address());
            bench.happen(new Renumber(bench.nextRequestId(), subscriber, OTHER_EXTERNAL));
            bench.cgn.deleteSubscriber(subscriber);
            bench.run();
            assertThat(bench.unasked.stream().anyMatch(Send.class::isInstance))
                    .isEqualTo(versions == Versions.PCP_AND_NAT_PMP);
        }
    }
}
