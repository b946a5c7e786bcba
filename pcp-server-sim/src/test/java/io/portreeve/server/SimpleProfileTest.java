package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.CANNOT_PROVIDE_EXTERNAL;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.pcp.ResultCode.UNSUPP_OPTION;
import static io.portreeve.server.WantedMap.PREFER_FAILURE;
import static io.portreeve.server.WantedMap.map;
import static io.portreeve.server.WantedMap.thirdParty;
import static io.portreeve.server.WantedPeer.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.pcp.PeerResponse;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.Packet;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEvent.Clear;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.engine.ServerPolicy.Disclosure;
import io.portreeve.server.engine.ServerPolicy.Extras;
import io.portreeve.server.engine.ServerPolicy.Profile;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that anybody inside may ask: TCP 8080 of the client, and external ports 2000 to 2999. */
final class SimpleProfileTest {
    private static final SubscriberId LINE = new SubscriberId(Bench.CLIENT.address());
    private static final Endpoint HOST = new Endpoint(Bench.CLIENT.address(), 8080);
    private static final Endpoint PEER = new Endpoint(PcpAddress.parse("198.51.100.20"), 80);
    private static final Endpoint STRANGER = new Endpoint(PcpAddress.parse("198.51.100.21"), 443);
    private static final ServerPolicy PROVIDER = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, false)
            .with(new Extras(true, 128, 1, Disclosure.NONE, new Lifetime(120), List.of()));

    private Bench bench = new Bench(PROVIDER.with(Profile.SIMPLE), Bench.pool(2000, 2999), 1000);

    @BeforeEach
    void serveAll() {
        bench.cgn.unlockDynamic();
    }

    @AfterEach
    void nothingIsLeftOver() {
        bench.assertNoOrphan();
    }

    /** The host sends something. */
    private void send() {
        assertThat(bench.cgn.outbound(Packet.inside(LINE, IpProtocol.TCP, HOST, PEER)))
                .isPresent();
    }

    private void pass(long seconds) {
        bench.pass(Duration.ofSeconds(seconds));
    }

    private boolean isLetIn(int port) {
        return bench.inbound(IpProtocol.TCP, STRANGER, port).equals(Optional.of(HOST));
    }

    private int map8080() {
        return bench.granted(map().lifetime(7440)).assignedPort();
    }

    @ParameterizedTest
    @CsvSource({"6, 1, 120", "6, 3600, 3600", "6, 86400, 7440", "17, 1, 120", "17, 86400, 120"})
    @Proves("pcp:S-SEC-01")
    void aMappingLivesAsLongAsAnIdleOne(int protocol, long asked, long granted) {
        assertThat(bench.granted(map().protocol(protocol).lifetime(asked)).lifetime())
                .isEqualTo(new Lifetime(granted));
    }

    @ParameterizedTest
    @CsvSource({"6, 86400, 7440", "17, 3600, 120", "17, 0, 120"})
    @Proves("pcp:S-SEC-01")
    void soDoesAFlow(int protocol, long asked, long granted) {
        var flow = peer().protocol(protocol).lifetime(asked);
        var reply = (Reply) bench.ask(Bench.CLIENT, flow.build());
        assertThat(((PeerResponse) reply.response()).lifetime()).isEqualTo(new Lifetime(granted));
    }

    @Test
    @Proves("pcp:S-SEC-01")
    void theClientDoesNotChooseThePort() {
        assertThat(bench.granted(map().suggest(2001)).assignedPort()).isNotEqualTo(2001);
        assertThat(bench.refused(map().port(1).suggest(2002).with(PREFER_FAILURE)))
                .extracting(Refuse::result, Refuse::lifetime)
                .containsExactly(CANNOT_PROVIDE_EXTERNAL, new Lifetime(30));
    }

    @Test
    void whatItHasAlreadyItMayAskFor() {
        int port = map8080();
        bench.granted(map().suggest(port).with(PREFER_FAILURE));
        bench.granted(map().lifetime(0));
        assertThat(map8080()).as("the same client gets it back").isEqualTo(port);
    }

    @Test
    @Proves("pcp:S-SEC-01")
    void thePortOfTheHostsTrafficIsItsOwn() {
        send();
        pass(40);
        var granted = bench.granted(map().lifetime(120));
        assertThat(granted.assignedPort()).isGreaterThan(2999);
        assertThat(granted.lifetime()).as("as long as the traffic").isEqualTo(new Lifetime(7400));
        bench.granted(map().suggest(granted.assignedPort()).with(PREFER_FAILURE));
    }

    @Test
    @Proves("pcp:S-SEC-01")
    void nobodyAsksForAnother() {
        var third = thirdParty("100.64.0.3");
        assertThat(bench.refused(map().with(third)).result()).isEqualTo(UNSUPP_OPTION);
        assertThat(bench.refused(map().lifetime(0).with(third)).result()).isEqualTo(UNSUPP_OPTION);
        assertThat(((Refuse) bench.ask(Bench.CLIENT, peer().with(third).build())).result())
                .isEqualTo(UNSUPP_OPTION);
        assertThat(bench.cgn.table()).isEmpty();
    }

    @Test
    void oneRequestMapsOnePort() {
        bench.granted(map().with(new PortSet(4, 8080, false)));
        assertThat(bench.cgn.table()).hasSize(1);
    }

    @Test
    void whatIsBeyondTrafficIsNoSimpleProfile() {
        var third = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, true).with(PROVIDER.extras());
        var sets = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, false);
        var longer = new ServerPolicy(new Lifetime(121), new Lifetime(86_400), 64, false).with(PROVIDER.extras());
        for (var policy : List.of(third, sets, longer)) {
            assertThatIllegalArgumentException().isThrownBy(() -> policy.with(Profile.SIMPLE));
        }
    }

    @Test
    @Proves("pcp:S-LIFE-07")
    void aDeletionLeavesWhatTrafficKeeps() {
        int port = map8080();
        send();
        pass(10);
        var answer = bench.granted(map().lifetime(0).suggest(2005).suggest("203.0.114.9"));
        assertThat(answer.lifetime()).isEqualTo(new Lifetime(7430));
        assertThat(answer.assignedPort()).as("what was suggested").isEqualTo(2005);
        assertThat(answer.assignedAddress()).isEqualTo(PcpAddress.parse("203.0.114.9"));
        pass(7429);
        assertThat(isLetIn(port)).isTrue();
        pass(1);
        assertThat(isLetIn(port)).isFalse();
        assertThat(bench.mappings()).isEmpty();
    }

    @Test
    @Proves("pcp:S-LIFE-07")
    void withoutTrafficItIsADeletion() {
        int port = map8080();
        bench.inbound(IpProtocol.TCP, STRANGER, port);
        assertThat(bench.granted(map().lifetime(0)).lifetime()).isEqualTo(Lifetime.DELETE);
        assertThat(isLetIn(port)).isFalse();
        map8080();
        send();
        pass(7440);
        assertThat(bench.granted(map().lifetime(0)).lifetime()).isEqualTo(Lifetime.DELETE);
    }

    @Test
    @Proves("pcp:S-LIFE-07")
    void aRenewalShortensNothingThatTrafficKeeps() {
        map8080();
        assertThat(bench.granted(map().lifetime(120)).lifetime()).isEqualTo(new Lifetime(120));
        send();
        pass(40);
        assertThat(bench.granted(map().lifetime(120)).lifetime()).isEqualTo(new Lifetime(7400));
        assertThat(bench.granted(map().lifetime(7440)).lifetime()).isEqualTo(new Lifetime(7440));
    }

    @Test
    void theProviderProfileDeletesAtOnce() {
        var other = new Bench(PROVIDER, Bench.pool(2000, 2999), 1000);
        other.granted(map());
        other.cgn.outbound(Packet.inside(LINE, IpProtocol.TCP, HOST, PEER));
        assertThat(other.granted(map().lifetime(0)).lifetime()).isEqualTo(Lifetime.DELETE);
    }

    @Test
    @Proves("pcp:S-LIFE-07")
    void aCgnThatCannotSayMightHaveTraffic() {
        int port = map8080();
        pass(100);
        for (long wanted : new long[] {0, 120}) {
            bench.faults.refuse("liveTraffic", 0);
            assertThat(bench.granted(map().lifetime(wanted)).lifetime()).isEqualTo(new Lifetime(7340));
        }
        pass(7339);
        assertThat(isLetIn(port)).isTrue();
        pass(1);
        assertThat(isLetIn(port)).isFalse();
    }

    @Test
    void whatCannotBeWrittenStaysAsItWas() {
        map8080();
        send();
        pass(1000);
        bench.store.full = true;
        assertThat(bench.refused(map().lifetime(0)).result()).isEqualTo(NO_RESOURCES);
        bench.store.full = false;
        assertThat(bench.mappings().getFirst().left()).isEqualTo(new Lifetime(6440));
    }

    /** What comes while the CGN is asked has its turn afterwards. */
    @Test
    void whatComesMeanwhileWaits() {
        map8080();
        long deletion = begin(map().lifetime(0));
        long repeated = begin(map().lifetime(0));
        long renewal = begin(map().lifetime(7440));
        bench.letTheCgnAnswer();
        assertThat(bench.answers.get(deletion)).isInstanceOf(Reply.class);
        assertThat(bench.answers).containsKeys(repeated, renewal);
        assertThat(bench.mappings()).as("deleted and made again").hasSize(1);
    }

    @Test
    void whoseSubscriberGoesMeanwhileGetsNothing() {
        map8080();
        long deletion = begin(map().lifetime(0));
        bench.cgn.deleteSubscriber(LINE);
        bench.run();
        bench.letTheCgnAnswer();
        assertThat(((Refuse) bench.answers.get(deletion)).result()).isEqualTo(NO_RESOURCES);
        assertThat(bench.mappings()).isEmpty();
    }

    @Test
    void whatTheOperatorClearsMeanwhileIsGone() {
        map8080();
        long deletion = begin(map().lifetime(0));
        bench.happen(new Clear());
        bench.letTheCgnAnswer();
        assertThat(((Refuse) bench.answers.get(deletion)).result()).isEqualTo(NO_RESOURCES);
        assertThat(bench.mappings()).isEmpty();
        assertThat(bench.cgn.table()).isEmpty();
    }

    @Test
    void whatExpiresMeanwhileIsDeletedAllTheSame() {
        map8080();
        pass(7430);
        long deletion = begin(map().lifetime(0));
        pass(20);
        bench.letTheCgnAnswer();
        assertThat(bench.answers.get(deletion)).isInstanceOf(Reply.class);
        assertThat(bench.mappings()).isEmpty();
    }

    private long begin(WantedMap wanted) {
        bench.cgnIsSlow = true;
        long id = bench.nextRequestId();
        bench.happen(new Received(id, Client.of(Bench.CLIENT), wanted.build()));
        return id;
    }
}
