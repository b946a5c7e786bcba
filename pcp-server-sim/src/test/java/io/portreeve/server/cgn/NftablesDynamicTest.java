package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.CgnContract.ALICE;
import static io.portreeve.server.cgn.CgnContract.BOB;
import static io.portreeve.server.cgn.CgnContract.assertFails;
import static io.portreeve.server.cgn.CgnContract.done;
import static io.portreeve.server.cgn.CgnNetwork.ELSEWHERE;
import static io.portreeve.server.cgn.CgnNetwork.INTERNET;
import static io.portreeve.server.cgn.ImplicitContract.HOUR;
import static io.portreeve.server.cgn.ImplicitContract.NO_HINT;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.BootClock;
import io.portreeve.testing.Await;
import io.portreeve.testing.OwnNetwork;
import io.portreeve.testing.SeizedTable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of implicit mappings that were asked for, when things change below them. */
@ExtendWith(OwnNetwork.class)
final class NftablesDynamicTest {
    private static final Endpoint HOST = new Endpoint(ALICE.address(), 8080);
    private static final Endpoint PEER = new Endpoint(INTERNET, 7000);
    private static final Endpoint OTHER_PEER = new Endpoint(ELSEWHERE, 7000);

    private CgnNetwork network;
    private NftablesCgn cgn;
    private Udp host;
    private Udp peer;
    private volatile Duration skipped = Duration.ZERO;

    @BeforeEach
    void open() throws Exception {
        network = new CgnNetwork();
        start();
        done(cgn.unlockDynamic());
        host = network.inside(HOST.address(), HOST.port());
        peer = network.outside(INTERNET, PEER.port());
    }

    @AfterEach
    void close() throws IOException {
        network.close();
    }

    private void start() throws Exception {
        var clock = new BootClock();
        cgn = network.cgn(CgnLimits.of(100), () -> clock.now().plus(skipped));
    }

    private CompletionStage<DynamicMap> ask(SubscriberId id, Endpoint to) {
        var subscriber = done(cgn.getSubscriber(id));
        return cgn.addDynamicMap(new InternalTuple(subscriber.handle(), IpProtocol.UDP, HOST), to, NO_HINT, HOUR);
    }

    private DynamicMap add(Endpoint to) {
        return done(ask(ALICE, to));
    }

    private Endpoint seen() throws IOException {
        host.send("out", PEER);
        return peer.receive().from();
    }

    @Test
    void itExpiresByItself() throws Exception {
        add(PEER);
        assertThat(CgnNetwork.table()).contains("198.51.100.10 . 7000");
        skipped = Duration.ofSeconds(HOUR.seconds()).minusMillis(300);
        add(OTHER_PEER); // the clock of a machine does not jump: something must wake the CGN
        Await.until("the kernel has it so", () -> !CgnNetwork.table().contains("198.51.100.10 . 7000"));
        assertThat(CgnNetwork.table()).contains("198.51.100.11 . 7000");
    }

    @Test
    void trafficKeepsItsPortWhenThePromiseEnds() throws Exception {
        var added = add(PEER);
        assertThat(seen()).isEqualTo(added.external());
        skipped = Duration.ofHours(2);
        done(cgn.expire());
        assertThat(CgnNetwork.table()).doesNotContain("198.51.100.10 . 7000");
        assertThat(seen()).isEqualTo(added.external());
        assertThat(add(PEER).external()).as("found again").isEqualTo(added.external());
    }

    @Test
    void itOutlivesAFlush() throws Exception {
        var added = add(PEER);
        Host.command("nft", "-f", "-", "flush ruleset\n");
        Await.until(
                "the kernel has it so",
                () -> Host.command("nft", "-f", "-", "list ruleset\n").contains("198.51.100.10 . 7000"));
        assertThat(seen()).isEqualTo(added.external());
    }

    /** The server asks for it no more: what nobody claims goes at the unlock, and its traffic goes on. */
    @Test
    void itsTrafficOutlivesTheServer() throws Exception {
        var added = add(PEER);
        assertThat(seen()).isEqualTo(added.external());
        network.stop(cgn);
        start();
        assertThat(seen()).as("locked").isEqualTo(added.external());
        done(cgn.unlockDynamic());
        assertThat(CgnNetwork.table()).doesNotContain("198.51.100.10 . 7000");
        assertThat(seen()).isEqualTo(added.external());
        assertThat(add(PEER).external()).as("found again").isEqualTo(added.external());
    }

    @Test
    void whatBeganWithoutRulesIsNothingToGoBy() throws Exception {
        network.stop(cgn);
        Host.command("nft", "-f", "-", """
                flush ruleset
                table ip track { chain forward { type filter hook forward priority 0; ct state new accept; }; }
                """);
        assertThat(seen()).as("not translated").isEqualTo(HOST);
        start();
        done(cgn.unlockDynamic());
        assertThat(add(PEER).external().port()).isBetween(32_768, 65_535);
    }

    @Test
    void itsTrafficGoesWithItsSubscriber() throws Exception {
        var found = seen();
        assertThat(add(PEER).external()).isEqualTo(found);
        done(cgn.deleteSubscriber(ALICE));
        int before = CgnNetwork.dropped("unsolicited");
        peer.send("late", found);
        Await.until("the kernel has it so", () -> CgnNetwork.dropped("unsolicited") > before);
        assertThat(host.hasReceived()).isFalse();
    }

    @Test
    void whatTheKernelRefusesIsNotThereAndCanBeAskedForAgain() throws Exception {
        done(cgn.getSubscriber(ALICE));
        var seized = SeizedTable.of("portreeve_cgn");
        assertFails(ask(ALICE, PEER), CgnError.INTERNAL);
        seized.close();
        var added = add(PEER);
        assertThat(seen()).isEqualTo(added.external());
    }

    /** The kernel routes by the inner address alone, whoever asked. */
    @Test
    void trafficOfOneSubscriberIsNotThatOfAnother() {
        var shared = new Endpoint(PcpAddress.parse("192.168.1.10"), 8080);
        var alice = done(cgn.getSubscriber(ALICE));
        var bob = done(cgn.getSubscriber(BOB));
        done(cgn.addDynamicMap(new InternalTuple(alice.handle(), IpProtocol.UDP, shared), PEER, NO_HINT, HOUR));
        assertFails(
                cgn.addDynamicMap(new InternalTuple(bob.handle(), IpProtocol.UDP, shared), PEER, NO_HINT, HOUR),
                CgnError.NOT_AUTHORIZED);
    }

    @Test
    void aClosedCgnGrantsNothing() throws Exception {
        var alice = done(cgn.getSubscriber(ALICE));
        network.stop(cgn);
        var mapping = new CgnMapping(alice.handle(), IpProtocol.UDP, HOST, new Endpoint(alice.external(), 2001));
        assertFails(cgn.createPcpMapping(mapping), CgnError.INTERNAL);
        assertFails(cgn.getSubscriber(BOB), CgnError.INTERNAL);
        assertThat(cgn.table()).isEmpty();
    }
}
