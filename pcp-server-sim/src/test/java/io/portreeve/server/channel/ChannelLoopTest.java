package io.portreeve.server.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.CgnLimits;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.MockCgn;
import io.portreeve.server.cgn.Packet;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.testing.Seeds;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the CGN's end does, line by line; time is the test's. */
class ChannelLoopTest {
    private static final PcpAddress EXTERNAL = PcpAddress.parse("203.0.114.1");
    private static final SubscriberId ALICE = new SubscriberId(PcpAddress.parse("100.64.0.2"));
    private static final Endpoint INSIDE = new Endpoint(ALICE.address(), 5000);
    private static final Endpoint REMOTE = new Endpoint(PcpAddress.parse("198.51.100.10"), 7000);
    private static final String CREATE = "create-pcp-mapping 1@1 17 100.64.0.2 8080 203.0.114.1 2000";

    private final List<AutoCloseable> open = new ArrayList<>();
    private MonoTime now = MonoTime.START;
    private final MockCgn cgn = new MockCgn(
            List.of(new PoolRange(EXTERNAL, IpProtocol.UDP, 2000, 2999)), CgnLimits.of(10), () -> now, Seeds.of(1));
    private final ChannelLoop loop = new ChannelLoop(cgn);
    private ServerSocket listening;

    /** A server's end of a connection, and the CGN's. */
    private final class Server {
        final Line own;
        final Line atCgn;

        Server() throws IOException {
            own = opened(Line.to(listening.getLocalPort(), Duration.ofSeconds(60)));
            own.patience(Duration.ofSeconds(60));
            atCgn = opened(new Line(listening.accept()));
        }

        String asks(String line) throws IOException {
            loop.handle(List.of(new ChannelEvent.Said(atCgn, line)), now);
            return own.read().orElse("the end");
        }

        void ends() {
            loop.handle(List.of(new ChannelEvent.Ended(atCgn)), now);
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.add(part);
        return part;
    }

    @BeforeEach
    void listen() throws IOException {
        listening = opened(new ServerSocket(0, 5, Line.here()));
        cgn.onDeletedSubscriber(handle -> loop.handle(List.of(new ChannelEvent.Deleted(handle)), now));
    }

    @AfterEach
    void close() throws Exception {
        for (var part : open) {
            part.close();
        }
    }

    private Server mapped() throws IOException {
        var server = new Server();
        assertThat(server.asks("hello 1")).isEqualTo("hello 1 1");
        assertThat(server.asks("1 create-subscriber 100.64.0.2 203.0.114.1")).isEqualTo("1 ok 1@1 203.0.114.1");
        assertThat(server.asks("2 " + CREATE)).isEqualTo("2 ok 1@1");
        assertThat(server.asks("3 unlock-dynamic")).isEqualTo("3 ok ");
        return server;
    }

    private void pass(Duration time) {
        now = now.plus(time);
        if (!loop.nextDue().isAfter(now)) {
            loop.handle(List.of(), now);
        }
    }

    private boolean letsTrafficOut(int port) {
        return cgn.outbound(Packet.inside(ALICE, IpProtocol.UDP, new Endpoint(INSIDE.address(), port), REMOTE))
                .isPresent();
    }

    @Test
    @Proves({"pcp:N-10", "pcp:N-09"})
    void whenItsServerGoesAllIsFlushedAndNothingImplicitIsMade() throws IOException {
        var server = mapped();
        assertThat(letsTrafficOut(5000)).isTrue();
        server.ends();
        assertThat(cgn.table()).isEmpty();
        assertThat(letsTrafficOut(5001)).as("something new").isFalse();
        assertThat(letsTrafficOut(5000)).as("what was there").isTrue();
    }

    @Test
    @Proves("pcp:N-10")
    void aServerThatIsSilentForThreeSecondsIsGone() throws IOException {
        var server = mapped();
        pass(Duration.ofMillis(2999));
        assertThat(server.asks("4 alive")).isEqualTo("4 ok ");
        pass(Duration.ofMillis(2999));
        assertThat(cgn.table()).hasSize(1);
        pass(Duration.ofMillis(1));
        assertThat(cgn.table()).isEmpty();
        assertThat(letsTrafficOut(5001)).isFalse();
        assertThat(server.asks("5 alive")).isEqualTo("5 stale-session");
        assertThat(server.asks("6 unlock-dynamic")).isEqualTo("6 stale-session");
        assertThat(letsTrafficOut(5001)).isFalse();
    }

    /** It was stopped: what it says when it goes on comes before the CGN has looked at the clock. */
    @Test
    void whatIsSaidTooLateIsNotHeard() throws IOException {
        var server = mapped();
        now = now.plus(Duration.ofSeconds(10));
        assertThat(server.asks("4 " + CREATE)).isEqualTo("4 stale-session");
        assertThat(cgn.table()).isEmpty();
    }

    @Test
    void theServerThatComesLastIsTheOneThatCounts() throws IOException {
        var first = mapped();
        var second = new Server();
        assertThat(second.asks("hello 1")).isEqualTo("hello 1 2");
        assertThat(cgn.table()).isEmpty();
        assertThat(first.asks("4 alive")).isEqualTo("4 stale-session");
        assertThat(second.asks("1 create-subscriber 100.64.0.2 203.0.114.1")).isEqualTo("1 ok 1@2 203.0.114.1");
        assertThat(second.asks("2 " + CREATE))
                .as("a handle of the first session")
                .isEqualTo("2 stale-session");
        first.ends();
        assertThat(second.asks("3 " + CREATE.replace("@1", "@2"))).isEqualTo("3 ok 2@2");
        assertThat(cgn.table()).hasSize(1);
    }

    @Test
    void theServerIsToldWhomTheAdministrationDeleted() throws IOException {
        var server = mapped();
        cgn.deleteSubscriber(ALICE, EXTERNAL);
        assertThat(server.own.read()).contains("deleted 1@1");
    }

    @Test
    void twoOfOneMappingAreOne() throws IOException {
        var server = mapped();
        assertThat(server.asks("4 " + CREATE)).isEqualTo("4 ok 1@1");
        assertThat(server.asks("5 delete-pcp-mapping 1@1")).isEqualTo("5 ok ");
        assertThat(server.asks("6 delete-pcp-mapping 1@1")).isEqualTo("6 failed INVALID_ARGUMENT");
    }

    @ParameterizedTest
    @CsvSource({
        "fly-away, fly-away is no routine",
        "create-pcp-mapping 1@1 17 100.64.0.2 8081 203.0.114.1, a word is missing",
        "create-pcp-mapping 1@1 17 100.64.0.2 8081 203.0.114.1 2001 2002, unexpected: 2002",
        "create-pcp-mapping 1@1 17 100.64.0.2 8081 203.0.114.1 70000, 70000 (expected: 0..65535)",
        "create-pcp-mapping 1@1 17 here 8081 203.0.114.1 2001, here (expected: an IP address)",
        "create-pcp-mapping 1 17 100.64.0.2 8081 203.0.114.1 2001, a word is missing",
        "create-filter 1@1 95 198.51.100.10 0, prefix length of 198.51.100.10: 95 (expected: 96..128)"
    })
    void whatIsMisspeltDoesNothing(String routine, String why) throws IOException {
        var server = mapped();
        assertThat(server.asks("4 " + routine)).isEqualTo("4 misspelt " + why);
        assertThat(cgn.table()).hasSize(1);
        assertThat(server.asks("5 alive")).isEqualTo("5 ok ");
    }

    @Test
    void whoSpeaksAnotherVersionIsToldSo() throws IOException {
        var server = new Server();
        assertThat(server.asks("hello 2")).isEqualTo("misspelt this CGN speaks version 1");
        assertThat(server.own.read()).isEmpty();
    }

    @Test
    void beforeItsHelloNobodyIsObeyed() throws IOException {
        assertThat(new Server().asks("1 unlock-dynamic")).isEqualTo("1 stale-session");
    }
}
