package io.portreeve.server;

import static io.portreeve.pcp.IpProtocol.TCP;
import static io.portreeve.pcp.IpProtocol.UDP;
import static io.portreeve.server.Datagrams.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.natpmp.NatPmpMapRequest;
import io.portreeve.pcp.natpmp.NatPmpMapResponse;
import io.portreeve.pcp.natpmp.NatPmpResult;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.MappingView;
import io.portreeve.server.engine.ServerEffect.ReplyNatPmp;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerEvent.ReceivedNatPmp;
import io.portreeve.server.engine.ServerPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** NAT-PMP takes back one mapping, or all of a host. */
final class NatPmpDeletionTest {
    private Bench bench =
            new Bench(new ServerPolicy(new Lifetime(120), new Lifetime(3600), 64, true), Bench.pool(2000, 2009), 1000);

    @AfterEach
    void nothingIsLeftOver() {
        bench.assertNoOrphan();
    }

    private NatPmpClient client() {
        return new NatPmpClient(bench);
    }

    private List<Integer> internalPorts() {
        return bench.mappings().stream()
                .map(MappingView::internal)
                .map(Endpoint::port)
                .toList();
    }

    private static NatPmpMapResponse deleted(int internalPort) {
        return new NatPmpMapResponse(TCP, NatPmpResult.SUCCESS, new EpochTime(0), internalPort, 0, Lifetime.DELETE);
    }

    @Test
    @Proves("pcp:B-NPMP-05")
    void deletingIsASuccessHoweverOften() {
        client().map(TCP, 8080, 2001, 600);
        assertThat(client().delete(TCP, 8080)).isEqualTo(deleted(8080));
        assertThat(bench.mappings()).isEmpty();
        assertThat(client().delete(TCP, 8080)).isEqualTo(deleted(8080));
        assertThat(client().send("0002 0000 1f90 07d1 00000000"))
                .as("whatever port is suggested")
                .isEqualTo(hex("0082 0000 00000000 1f90 0000 00000000"));
    }

    @Test
    @Proves("pcp:B-NPMP-05")
    void portZeroDeletesAllOfTheHostAndTheProtocol() {
        client().map(TCP, 1, 0, 600);
        client().map(TCP, 2, 0, 600);
        client().map(TCP, 3, 0, 600);
        client().map(UDP, 4, 0, 600);
        client().on("100.64.0.3").map(TCP, 5, 0, 600);
        assertThat(client().delete(TCP, 0)).isEqualTo(deleted(0));
        assertThat(internalPorts()).containsExactly(4, 5);
        assertThat(client().delete(TCP, 0)).as("of nothing").isEqualTo(deleted(0));
        assertThat(internalPorts()).containsExactly(4, 5);
    }

    /** A restart could bring them back. */
    @Test
    @Proves({"pcp:B-NPMP-05", "rel:I2"})
    void thatAllAreGoneIsNotSaidBeforeTheDiskHasForgottenThem() {
        client().map(TCP, 1, 0, 600);
        bench.store.full = true;
        bench.cgn.deleteSubscriber(new SubscriberId(Bench.CLIENT.address()));
        bench.run();
        assertThat(client().delete(TCP, 0).result()).isEqualTo(NatPmpResult.OUT_OF_RESOURCES);
        bench.store.full = false;
        bench.pass(Duration.ofSeconds(2));
        assertThat(client().delete(TCP, 0).result()).isEqualTo(NatPmpResult.SUCCESS);
    }

    @Test
    @Proves({"pcp:B-NPMP-05", "rel:I2"})
    void whatPcpTakesOverInTheSameMomentAndCannotKeepIsNotSaidToBeGone() {
        client().map(TCP, 8080, 0, 600);
        bench.store.full = true;
        bench.queue(new Received(
                bench.nextRequestId(), Client.of(Bench.CLIENT), WantedMap.map().build()));
        assertThat(client().delete(TCP, 0).result()).isEqualTo(NatPmpResult.OUT_OF_RESOURCES);
        assertThat(internalPorts()).containsExactly(8080);
        bench.store.full = false;
        bench.queue(new Received(
                bench.nextRequestId(), Client.of(Bench.CLIENT), WantedMap.map().build()));
        assertThat(client().delete(TCP, 0)).as("it is PCP's now").isEqualTo(deleted(0));
        assertThat(internalPorts()).containsExactly(8080);
    }

    @Test
    @Proves("pcp:B-NPMP-05")
    void aStaticMappingStays() {
        client().map(TCP, 1, 0, 600);
        client().map(TCP, 2, 0, 600);
        bench.add(
                new SubscriberId(Bench.CLIENT.address()),
                TCP,
                new Endpoint(Bench.CLIENT.address(), 8080),
                new Endpoint(Bench.EXTERNAL, 2005));
        assertThat(client().delete(TCP, 8080).result()).isEqualTo(NatPmpResult.NOT_AUTHORIZED);
        assertThat(client().delete(TCP, 0))
                .isEqualTo(new NatPmpMapResponse(
                        TCP, NatPmpResult.NOT_AUTHORIZED, new EpochTime(0), 0, 0, Lifetime.DELETE));
        assertThat(internalPorts()).as("all others go").containsExactly(8080);
        assertThat(client().delete(UDP, 0).result()).isEqualTo(NatPmpResult.SUCCESS);
    }

    @Test
    @Proves("pcp:B-NPMP-05")
    void whatIsStillOnDiskIsNotCalledDeleted() {
        client().map(TCP, 1, 0, 600);
        client().map(TCP, 2, 0, 600);
        bench.store.full = true;
        assertThat(client().delete(TCP, 0).result()).isEqualTo(NatPmpResult.OUT_OF_RESOURCES);
        assertThat(internalPorts()).containsExactlyInAnyOrder(1, 2);
        bench.store.full = false;
        assertThat(client().delete(TCP, 0)).isEqualTo(deleted(0));
        assertThat(bench.mappings()).isEmpty();
    }

    @Test
    void aRestartedServerKnowsWhatNatPmpMade() {
        client().map(TCP, 1, 0, 600);
        bench = bench.restart();
        assertThat(internalPorts()).containsExactly(1);
        assertThat(client().delete(TCP, 0)).isEqualTo(deleted(0));
        assertThat(bench.mappings()).isEmpty();
    }

    @Test
    @Proves("pcp:B-NPMP-05")
    void whatTheOperatorMadeForAnotherHostIsNoneOfItsOwn() {
        var internal = new Endpoint(PcpAddress.parse("192.168.1.33"), 80);
        bench.add(new SubscriberId(Bench.CLIENT.address()), TCP, internal, new Endpoint(Bench.EXTERNAL, 2009));
        client().map(TCP, 8080, 2001, 600);
        assertThat(client().delete(TCP, 0).result()).isEqualTo(NatPmpResult.SUCCESS);
        assertThat(internalPorts()).containsExactly(80);
    }

    @Test
    @Proves("pcp:B-NPMP-05")
    void whatIsInTheMakingIsDeletedAsSoonAsItIsThere() {
        bench.cgnIsSlow = true;
        bench.happen(new ReceivedNatPmp(
                bench.nextRequestId(),
                Client.of(Bench.CLIENT),
                new NatPmpMapRequest(TCP, 8080, 2001, new Lifetime(600))));
        long id = bench.nextRequestId();
        bench.happen(new ReceivedNatPmp(id, Client.of(Bench.CLIENT), new NatPmpMapRequest(TCP, 0, 0, Lifetime.DELETE)));
        assertThat(bench.answers.get(id)).isNull();
        bench.cgnIsSlow = false;
        bench.hearFromCgn(1);
        bench.run();
        assertThat(bench.answers.get(id)).isEqualTo(new ReplyNatPmp(id, deleted(0)));
        assertThat(bench.mappings()).isEmpty();
    }
}
