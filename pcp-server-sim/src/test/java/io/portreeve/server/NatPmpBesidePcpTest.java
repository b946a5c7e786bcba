package io.portreeve.server;

import static io.portreeve.pcp.IpProtocol.TCP;
import static io.portreeve.pcp.ResultCode.NOT_AUTHORIZED;
import static io.portreeve.server.WantedMap.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.pcp.natpmp.NatPmpMapRequest;
import io.portreeve.pcp.natpmp.NatPmpResult;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.ServerEffect.ReplyNatPmp;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerEvent.ReceivedNatPmp;
import io.portreeve.server.engine.ServerPolicy;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One host asks for the same internal port by PCP, with a nonce, and by NAT-PMP, without. */
final class NatPmpBesidePcpTest {
    private final Bench bench =
            new Bench(new ServerPolicy(new Lifetime(120), new Lifetime(3600), 64, true), Bench.pool(2000, 2009), 1000);
    private final NatPmpClient client = new NatPmpClient(bench);

    @AfterEach
    void nothingIsLeftOver() {
        bench.assertNoOrphan();
    }

    @Test
    @Proves("pcp:B-NPMP-07")
    void whatPcpMadeIsToldAndNotRenewed() {
        bench.granted(map().suggest(2001).lifetime(1000));
        bench.pass(Duration.ofSeconds(300));
        var told = client.map(TCP, 8080, 2005, 3600);
        assertThat(told.result()).isEqualTo(NatPmpResult.SUCCESS);
        assertThat(told.externalPort()).isEqualTo(2001);
        assertThat(told.lifetime()).as("what is left").isEqualTo(new Lifetime(700));
        assertThat(client.map(TCP, 8080, 0, 60).lifetime())
                .as("no more than asked")
                .isEqualTo(new Lifetime(60));
        assertThat(bench.mappings().getFirst().left()).isEqualTo(new Lifetime(700));
        bench.pass(Duration.ofSeconds(700));
        assertThat(bench.mappings()).isEmpty();
    }

    @Test
    @Proves("pcp:B-NPMP-07")
    void whatPcpMadeIsNotDeleted() {
        bench.granted(map().suggest(2001));
        client.map(TCP, 1, 2002, 600);
        assertThat(client.delete(TCP, 8080).result()).isEqualTo(NatPmpResult.NOT_AUTHORIZED);
        assertThat(client.delete(TCP, 0).result()).isEqualTo(NatPmpResult.SUCCESS);
        assertThat(bench.mappings())
                .singleElement()
                .satisfies(it -> assertThat(it.external().port()).isEqualTo(2001));
        assertThat(bench.granted(map()).assignedPort())
                .as("its nonce is known still")
                .isEqualTo(2001);
    }

    @Test
    @Proves("pcp:B-NPMP-07")
    void pcpTakesOverWhatNatPmpMade() {
        client.map(TCP, 8080, 2001, 600);
        var taken = bench.granted(map().nonce(7));
        assertThat(taken.assignedPort()).isEqualTo(2001);
        assertThat(taken.lifetime()).isEqualTo(new Lifetime(3600));
        assertThat(bench.refused(map().nonce(8)).result()).isEqualTo(NOT_AUTHORIZED);
        assertThat(client.delete(TCP, 8080).result()).isEqualTo(NatPmpResult.NOT_AUTHORIZED);
        assertThat(client.delete(TCP, 0).result()).isEqualTo(NatPmpResult.SUCCESS);
        assertThat(bench.mappings()).hasSize(1);
        bench.granted(map().nonce(7).lifetime(0));
        assertThat(bench.mappings()).isEmpty();
    }

    @Test
    void aStaticMappingIsToldForAsLongAsIsAsked() {
        bench.add(
                new SubscriberId(Bench.CLIENT.address()),
                TCP,
                new Endpoint(Bench.CLIENT.address(), 8080),
                new Endpoint(Bench.EXTERNAL, 2005));
        var told = client.map(TCP, 8080, 2001, 7200);
        assertThat(told.externalPort()).isEqualTo(2005);
        assertThat(told.lifetime()).isEqualTo(new Lifetime(7200));
    }

    @Test
    @Proves("pcp:B-NPMP-07")
    void ofASetThatPcpMadeItIsToldItsOwnPort() {
        bench.granted(map().suggest(2001).with(new PortSet(2, 8080, false)));
        var told = client.map(TCP, 8081, 0, 60);
        assertThat(told.internalPort()).isEqualTo(8081);
        assertThat(told.externalPort()).isEqualTo(2002);
    }

    @Test
    @Proves({"pcp:B-NPMP-07", "rel:I2"})
    void whatPcpCouldNotTakeOverIsNotToldAsPcps() {
        client.map(TCP, 8080, 2001, 300);
        bench.pass(Duration.ofSeconds(100));
        bench.store.full = true;
        long id = bench.nextRequestId();
        bench.queue(new Received(bench.nextRequestId(), Client.of(Bench.CLIENT), map().build()));
        bench.queue(
                new ReceivedNatPmp(id, Client.of(Bench.CLIENT), new NatPmpMapRequest(TCP, 8080, 0, new Lifetime(300))));
        bench.run();
        var answer = ((ReplyNatPmp) bench.answers.get(id)).response();
        assertThat(answer.result()).isEqualTo(NatPmpResult.OUT_OF_RESOURCES);
    }
}
