package io.portreeve.server;

import static io.portreeve.pcp.IpProtocol.TCP;
import static io.portreeve.pcp.IpProtocol.UDP;
import static io.portreeve.server.Datagrams.hex;
import static io.portreeve.server.WantedMap.map;
import static io.portreeve.server.WantedMap.thirdParty;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.natpmp.ExternalAddressResponse;
import io.portreeve.pcp.natpmp.NatPmpMapResponse;
import io.portreeve.pcp.natpmp.NatPmpResult;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.engine.ServerPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** NAT-PMP makes and renews mappings. The server has two external ports for each protocol and grants an hour at most. */
final class NatPmpMappingTest {
    private static final String NEIGHBOUR = "100.64.0.3";
    private static final Endpoint REMOTE = new Endpoint(PcpAddress.parse("198.51.100.10"), 7000);

    private final Bench bench = bench(64, Bench.pool(2000, 2001));
    private final NatPmpClient client = new NatPmpClient(bench);

    private static Bench bench(int quota, List<PoolRange> pool) {
        return new Bench(new ServerPolicy(new Lifetime(120), new Lifetime(3600), quota, true), pool, 1000);
    }

    @AfterEach
    void nothingIsLeftOver() {
        bench.assertNoOrphan();
    }

    @Test
    @Proves({"wire:V20q", "wire:V21", "wire:V22", "pcp:B-VER-04"})
    void theOctetsOfTheExamples() {
        var golden = bench(64, List.of(new PoolRange(PcpAddress.parse("203.0.113.7"), UDP, 41_969, 41_969)));
        golden.pass(Duration.ofSeconds(5106));
        var home = new NatPmpClient(golden, PcpAddress.parse("192.168.1.10"));
        assertThat(home.send("0000")).isEqualTo(hex("0080 0000 000013f2 cb007107"));
        golden.pass(Duration.ofSeconds(1));
        assertThat(home.send("0001 0000 1f90 1f90 00001c20")).isEqualTo(hex("0081 0000 000013f3 1f90 a3f1 00000e10"));
        golden.assertNoOrphan();
    }

    @Test
    void whatIsUnknownIsToldAndWhatIsAnAnswerIsNot() {
        assertThat(client.send("0009 0000 1f90")).isEqualTo(hex("0089 0005 1f90"));
        assertThat(client.send("007f")).isEqualTo(hex("00ff 0005"));
        assertThat(client.send("0080 0000")).isEmpty();
        assertThat(client.send("00ff 0000")).isEmpty();
        assertThat(client.send("0001 0000 1f90 1f90 000000"))
                .as("an octet short")
                .isEmpty();
        assertThat(bench.mappings()).isEmpty();
    }

    @Test
    void aMappingLeadsToItsClientUntilItEnds() {
        var granted = client.map(TCP, 8080, 2001, 600);
        assertThat(granted)
                .isEqualTo(new NatPmpMapResponse(
                        TCP, NatPmpResult.SUCCESS, new EpochTime(0), 8080, 2001, new Lifetime(600)));
        assertThat(inbound(TCP, 2001)).isEqualTo(8080);
        assertThat(inbound(UDP, 2001)).as("nobody asked for UDP").isZero();
        bench.pass(Duration.ofSeconds(599));
        assertThat(inbound(TCP, 2001)).isEqualTo(8080);
        bench.pass(Duration.ofSeconds(1));
        assertThat(inbound(TCP, 2001)).isZero();
    }

    private int inbound(IpProtocol protocol, int externalPort) {
        return bench.inbound(protocol, REMOTE, externalPort).map(Endpoint::port).orElse(0);
    }

    @Test
    @Proves("pcp:B-NPMP-04")
    void itIsGrantedNoLongerThanItIsAskedFor() {
        assertThat(client.map(TCP, 1, 0, 1).lifetime())
                .as("below PCP's minimum")
                .isEqualTo(new Lifetime(1));
        assertThat(client.map(TCP, 2, 0, 3599).lifetime()).isEqualTo(new Lifetime(3599));
        assertThat(client.map(UDP, 2, 0, 0xFFFF_FFFFL).lifetime()).isEqualTo(new Lifetime(3600));
    }

    @Test
    @Proves("pcp:B-NPMP-04")
    void aRenewalKeepsItsPortWhateverIsSuggested() {
        client.map(TCP, 8080, 2001, 600);
        bench.pass(Duration.ofSeconds(400));
        var renewed = client.map(TCP, 8080, 2000, 700);
        assertThat(renewed.externalPort()).isEqualTo(2001);
        assertThat(renewed.lifetime()).isEqualTo(new Lifetime(700));
        bench.pass(Duration.ofSeconds(699));
        assertThat(inbound(TCP, 2001)).isEqualTo(8080);
    }

    @Test
    @Proves("pcp:B-NPMP-04")
    void theCompanionPortIsKeptForTheSameHost() {
        client.map(TCP, 80, 2000, 600);
        var other = client.on(NEIGHBOUR);
        assertThat(other.map(UDP, 80, 2000, 600).externalPort()).isEqualTo(2001);
        assertThat(other.map(UDP, 81, 0, 600).result()).isEqualTo(NatPmpResult.OUT_OF_RESOURCES);
        assertThat(client.map(UDP, 80, 2000, 600).externalPort()).isEqualTo(2000);
    }

    @Test
    @Proves("pcp:B-NPMP-04")
    void noCompanionPortIsGivenToAnotherByChance() {
        for (int seed = 0; seed < 20; seed++) {
            var world = new Bench(
                    new ServerPolicy(new Lifetime(120), new Lifetime(3600), 64, true),
                    Bench.pool(2000, 2001),
                    1000,
                    seed);
            var first = new NatPmpClient(world);
            assertThat(first.map(TCP, 80, 2000, 600).externalPort()).isEqualTo(2000);
            assertThat(first.on(NEIGHBOUR).map(UDP, 80, 0, 600).externalPort())
                    .as("seed %s", seed)
                    .isEqualTo(2001);
            world.ask(
                    new Endpoint(PcpAddress.parse("100.64.0.4"), 1),
                    map().from(PcpAddress.parse("100.64.0.4")).protocol(17).build());
            assertThat(world.mappings()).as("seed %s", seed).hasSize(2);
            assertThat(first.map(UDP, 80, 2000, 600).externalPort())
                    .as("seed %s", seed)
                    .isEqualTo(2000);
            world.assertNoOrphan();
        }
    }

    @Test
    @Proves("pcp:B-NPMP-04")
    void aPortWhoseCompanionIsAnothersIsNotGranted() {
        bench.granted(neighbours().protocol(6).suggest(2000));
        assertThat(client.map(UDP, 80, 2000, 600).externalPort()).isEqualTo(2001);
        assertThat(client.map(UDP, 81, 0, 600).result()).isEqualTo(NatPmpResult.OUT_OF_RESOURCES);
        bench.granted(neighbours().protocol(17).suggest(2000));
    }

    /** The neighbour would have had its old port back. */
    @Test
    @Proves("pcp:B-NPMP-04")
    void aCompanionThatWasHeldForAnotherIsKeptFromIt() {
        bench.granted(neighbours().suggest(2000));
        bench.granted(neighbours().lifetime(0));
        assertThat(client.map(UDP, 80, 2000, 600).externalPort()).isEqualTo(2000);
        assertThat(bench.granted(neighbours()).assignedPort()).isEqualTo(2001);
        bench.pass(Duration.ofSeconds(599));
        client.map(UDP, 80, 2000, 3600);
        bench.pass(Duration.ofSeconds(3000));
        assertThat(client.map(TCP, 80, 2000, 600).result())
                .as("it is not the client's before the other packets are gone")
                .isEqualTo(NatPmpResult.OUT_OF_RESOURCES);
    }

    /** The host behind the client has another address than the client. */
    @Test
    @Proves("pcp:B-NPMP-04")
    void whatIsHeldForASubscriberIsNotGivenToAnotherOfItsHostsBesideACompanion() {
        var behind = map().port(80).with(thirdParty("192.168.1.33"));
        for (var port : List.of(2000, 2001)) {
            client.map(TCP, port, port, 600);
            client.delete(TCP, port);
            client.map(UDP, port, port, 600);
        }
        assertThat(bench.refused(behind).result()).isEqualTo(ResultCode.NO_RESOURCES);
        client.delete(UDP, 2001);
        assertThat(bench.granted(behind).assignedPort()).isEqualTo(2001);
    }

    @Test
    @Proves("pcp:B-NPMP-04")
    void aSetHasNoCompanionOfAnother() {
        var wide = bench(64, Bench.pool(2000, 2005));
        new NatPmpClient(wide).map(TCP, 80, 2002, 600);
        var set = wide.granted(neighbours().protocol(17).suggest(2000).with(new PortSet(5, 8080, false)));
        assertThat(set.assignedPort()).isEqualTo(2003);
        assertThat(set.options()).containsExactly(new PortSet(3, 8080, false));
        var rest = wide.granted(neighbours().protocol(17).port(1).with(new PortSet(3, 1, false)));
        assertThat(rest.assignedPort()).isEqualTo(2000);
        assertThat(new NatPmpClient(wide).map(UDP, 80, 2002, 600).externalPort())
                .isEqualTo(2002);
        wide.assertNoOrphan();
    }

    private static WantedMap neighbours() {
        return map().from(PcpAddress.parse(NEIGHBOUR));
    }

    @Test
    void aCompanionPortThatIsKeptNoLongerIsForAll() {
        client.map(TCP, 80, 2000, 60);
        bench.pass(Duration.ofSeconds(60));
        assertThat(client.on(NEIGHBOUR).map(UDP, 80, 2000, 600).externalPort()).isEqualTo(2000);
    }

    @Test
    @Proves("pcp:B-NPMP-08")
    void aFailureHasNoMapping() {
        bench.pass(Duration.ofSeconds(77));
        client.map(TCP, 1, 0, 600);
        client.map(TCP, 2, 0, 600);
        assertThat(client.map(TCP, 8080, 2000, 600))
                .isEqualTo(new NatPmpMapResponse(
                        TCP, NatPmpResult.OUT_OF_RESOURCES, new EpochTime(77), 8080, 0, new Lifetime(0)));
        assertThat(client.send("0002 0000 1f90 07d0 00000258")).isEqualTo(hex("0082 0004 0000004d 1f90 0000 00000000"));
    }

    @Test
    @Proves("pcp:B-NPMP-08")
    void aFailureHasNoAddress() {
        bench.pass(Duration.ofSeconds(77));
        bench.faults.refuse("getSubscriber", 0);
        assertThat(client.externalAddress())
                .isEqualTo(new ExternalAddressResponse(
                        NatPmpResult.OUT_OF_RESOURCES, new EpochTime(77), PcpAddress.ANY_IPV4));
        assertThat(client.externalAddress().external()).isEqualTo(Bench.EXTERNAL);
    }

    @Test
    void whatCannotBeStoredIsNotGranted() {
        bench.store.full = true;
        assertThat(client.map(TCP, 8080, 2001, 600).result()).isEqualTo(NatPmpResult.OUT_OF_RESOURCES);
        bench.store.full = false;
        assertThat(client.map(TCP, 8080, 2001, 600).externalPort()).isEqualTo(2001);
    }
}
