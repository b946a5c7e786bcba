package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.CgnContract.ALICE;
import static io.portreeve.server.cgn.CgnContract.assertFails;
import static io.portreeve.server.cgn.CgnContract.done;
import static io.portreeve.server.cgn.CgnNetwork.ELSEWHERE;
import static io.portreeve.server.cgn.CgnNetwork.INTERNET;
import static io.portreeve.server.cgn.FilterContract.BOTH;
import static io.portreeve.server.cgn.FilterContract.FRIEND_ONLY;
import static io.portreeve.server.cgn.FilterContract.STRANGER_ONLY;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.requirements.Proves;
import io.portreeve.testing.Await;
import io.portreeve.testing.OwnNetwork;
import io.portreeve.testing.SeizedTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of filters while they are replaced, when the server goes and comes, and when the kernel does not obey. */
@ExtendWith(OwnNetwork.class)
final class NftablesFilterOutageTest {
    private static final Endpoint HOST = new Endpoint(ALICE.address(), 8080);
    private static final Endpoint OTHER_HOST = new Endpoint(ALICE.address(), 8081);

    private CgnNetwork network;
    private NftablesCgn cgn;
    private PcpMapHandle mapping;
    private Endpoint external;
    private Udp host;
    private Udp friend;
    private Udp stranger;

    @BeforeEach
    void open() throws Exception {
        network = new CgnNetwork();
        start();
        done(cgn.unlockDynamic());
        host = network.inside(HOST.address(), HOST.port());
        friend = network.outside(INTERNET, 7000);
        stranger = network.outside(ELSEWHERE, 7000);
    }

    @AfterEach
    void close() throws IOException {
        network.close();
    }

    private void start() throws Exception {
        cgn = network.cgn(100);
        mapping = map(HOST, 2001);
        external = new Endpoint(done(cgn.getSubscriber(ALICE)).external(), 2001);
    }

    private PcpMapHandle map(Endpoint internal, int port) {
        var alice = done(cgn.getSubscriber(ALICE));
        var to = new Endpoint(alice.external(), port);
        return done(cgn.createPcpMapping(new CgnMapping(alice.handle(), IpProtocol.UDP, internal, to)));
    }

    /** {@return true if a packet of {@code from}'s arrives; false if the filter drops it} */
    private boolean isAdmitted(Udp from) throws Exception {
        int before = CgnNetwork.dropped("admission");
        from.send("in", external);
        var arrived = new boolean[1];
        Await.until("the packet arrives or is dropped", () -> {
            arrived[0] = host.hasReceived();
            return arrived[0] || CgnNetwork.dropped("admission") > before;
        });
        return arrived[0];
    }

    @Test
    @Proves("pcp:N-08")
    void whileFiltersTakeEachOthersPlaceOneIsAlwaysInForce() throws Exception {
        var filter = done(cgn.createFilter(mapping, FRIEND_ONLY));
        var replaced = new ArrayList<CompletionStage<FilterHandle>>();
        for (int i = 0; i < 300; i++) {
            replaced.add(cgn.replaceFilter(filter, i % 2 == 0 ? new CgnFilter(128, INTERNET, 7000) : FRIEND_ONLY));
            stranger.send("in", external);
            friend.send("in", external);
            assertThat(host.receive().from().address())
                    .as("in the end and in between")
                    .isEqualTo(INTERNET);
        }
        replaced.forEach(CgnContract::done);
        assertThat(CgnNetwork.dropped("admission")).isEqualTo(300);
        done(cgn.deleteFilter(filter));
        assertThat(isAdmitted(stranger)).isTrue();
    }

    @Test
    void aFilterOutlivesAFlush() throws Exception {
        done(cgn.createFilter(mapping, FRIEND_ONLY));
        Host.command("nft", "-f", "-", "flush ruleset\n");
        Await.until(
                "the rules are back",
                () -> Host.command("nft", "-f", "-", "list ruleset\n").contains("2001 : 100.64.0.2 . 8080"));
        assertThat(isAdmitted(stranger)).isFalse();
        assertThat(isAdmitted(friend)).isTrue();
    }

    @Test
    void aFilterThatIsClaimedOutlivesTheServer() throws Exception {
        done(cgn.createFilter(mapping, FRIEND_ONLY));
        network.stop(cgn);
        assertThat(isAdmitted(stranger)).as("no server").isFalse();
        start();
        assertThat(isAdmitted(stranger)).as("locked").isFalse();
        done(cgn.createFilter(mapping, FRIEND_ONLY));
        done(cgn.unlockDynamic());
        assertThat(isAdmitted(stranger)).isFalse();
        assertThat(isAdmitted(friend)).isTrue();
    }

    @Test
    void aFilterThatNobodyClaimsGoesAtTheUnlock() throws Exception {
        done(cgn.createFilter(mapping, FRIEND_ONLY));
        network.stop(cgn);
        start();
        done(cgn.unlockDynamic());
        assertThat(isAdmitted(stranger)).isTrue();
        assertThat(CgnNetwork.table()).doesNotContain("udp . 203.0.114.1 . 2001 . 198");
    }

    @Test
    void anotherFilterThanBeforeTakesItsPlaceAtTheUnlock() throws Exception {
        done(cgn.createFilter(mapping, FRIEND_ONLY));
        network.stop(cgn);
        start();
        done(cgn.createFilter(mapping, STRANGER_ONLY));
        done(cgn.unlockDynamic());
        assertThat(isAdmitted(stranger)).isTrue();
        assertThat(isAdmitted(friend)).isFalse();
    }

    @Test
    void whatTheKernelRefusesIsNotThereAndCanBeAskedForAgain() throws Exception {
        var seized = SeizedTable.of("portreeve_cgn");
        assertFails(cgn.createFilter(mapping, FRIEND_ONLY), CgnError.INTERNAL);
        seized.close();
        done(cgn.createFilter(mapping, STRANGER_ONLY));
        assertThat(isAdmitted(friend)).isFalse();
        assertThat(isAdmitted(stranger)).isTrue();
    }

    @Test
    void theOldFilterStaysIfTheKernelRefusesTheNew() throws Exception {
        var filter = done(cgn.createFilter(mapping, FRIEND_ONLY));
        var seized = SeizedTable.of("portreeve_cgn");
        assertFails(cgn.replaceFilter(filter, BOTH), CgnError.INTERNAL);
        seized.close();
        Await.until(
                "the rules are back",
                () -> Host.command("nft", "-f", "-", "list ruleset\n").contains("2001 : 100.64.0.2 . 8080"));
        map(OTHER_HOST, 2002); // takes along what is left over
        assertThat(isAdmitted(stranger)).isFalse();
        assertThat(isAdmitted(friend)).isTrue();
        assertThat(done(cgn.createFilter(mapping, FRIEND_ONLY))).isEqualTo(filter);
    }

    @Test
    void aFilterThatTheKernelDidNotRemoveGoesWithTheNextChange() throws Exception {
        var filter = done(cgn.createFilter(mapping, FRIEND_ONLY));
        var seized = SeizedTable.of("portreeve_cgn");
        assertFails(cgn.deleteFilter(filter), CgnError.INTERNAL);
        seized.close();
        Await.until(
                "the rules are back",
                () -> Host.command("nft", "-f", "-", "list ruleset\n").contains("2001 : 100.64.0.2 . 8080"));
        map(OTHER_HOST, 2002);
        assertThat(isAdmitted(stranger)).isTrue();
    }
}
