package io.portreeve.server.junit;

import static io.portreeve.server.HexDatagrams.ask;
import static io.portreeve.server.HexDatagrams.receive;
import static io.portreeve.server.HexDatagrams.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.HexDatagrams;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PcpTestServerTest {
    private static final String FROM_LOOPBACK = "00000000 00000000 0000ffff 7f000001 ";
    private static final String ANNOUNCE = "02000000 00000000" + FROM_LOOPBACK;
    private static final String MAP = "02010000 00000e10" + FROM_LOOPBACK
            + "a1a2a3a4 b1b2b3b4 c1c2c3c4 06000000 1f90 0000 00000000 00000000 0000ffff 00000000";
    private static final Duration LIFETIME = Duration.ofHours(1);

    private final Leftovers leftovers = new Leftovers();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var closeable : open.reversed()) {
            closeable.close();
        }
    }

    private PcpTestServer real(String... settings) {
        return opened(PcpTestServer.inRealTime(settings));
    }

    private PcpTestServer virtual(String... settings) {
        return opened(PcpTestServer.inVirtualTime(settings));
    }

    private PcpTestServer opened(PcpTestServer server) {
        open.add(server);
        return server;
    }

    private DatagramSocket client(PcpTestServer server) throws IOException {
        var socket = HexDatagrams.client(server.address());
        open.add(socket);
        return socket;
    }

    private static int result(ByteBuffer answer) {
        return answer.get(3);
    }

    private static int epoch(ByteBuffer answer) {
        return answer.getInt(8);
    }

    private static InetAddress external(ByteBuffer answer) throws IOException {
        var octets = new byte[16];
        answer.get(44, octets);
        return InetAddress.getByAddress(octets);
    }

    @Test
    void serversDoNotKnowEachOther() throws Exception {
        var first = real("pool = 203.0.113.5");
        var second = virtual();
        assertThat(external(ask(client(first), MAP))).isEqualTo(first.externalAddress());
        assertThat(first.externalAddress()).isEqualTo(InetAddress.ofLiteral("203.0.113.5"));
        assertThat(second.externalAddress()).isEqualTo(InetAddress.ofLiteral("203.0.113.1"));
        assertThat(first.mappings()).hasSize(1);
        assertThat(second.mappings()).isEmpty();
        assertThat(second.received()).isEmpty();
    }

    @Test
    void theLaterOfTwoSettingsCounts() throws Exception {
        var client = client(real("map = on", "map = off"));
        assertThat(result(ask(client, MAP))).isEqualTo(ResultCode.UNSUPP_OPCODE.value());
    }

    @Test
    void aWrongSettingIsToldAndLeavesNothingBehind() throws Exception {
        assertThatThrownBy(() -> PcpTestServer.inRealTime("quotta = 2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("settings of the test server:1: unknown key 'quotta'; did you mean 'quota'?");
        assertThatThrownBy(() -> PcpTestServer.inRealTime("state-dir = /var/lib/pcp"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "'state-dir = /var/lib/pcp': a test server has a state directory of its own, remove the line");
        assertThatThrownBy(() -> PcpTestServer.inRealTime("listen = 203.0.113.99"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("correct 'listen'");
        leftovers.assertNone();
    }

    @Test
    void aPersonalityMayBringItsOwnCgn() throws Exception {
        assertThat(external(ask(client(real("personality = firewall-v6")), MAP)))
                .isEqualTo(InetAddress.getLoopbackAddress());
        assertThat(external(ask(client(real("cgn = firewall")), MAP))).isEqualTo(InetAddress.getLoopbackAddress());
    }

    @Test
    void leavesNothingBehind() throws Exception {
        var server = virtual();
        ask(client(server), MAP);
        server.faults().seed(1);
        leftovers.assertSome();
        server.restartWithoutState();
        server.close();
        leftovers.assertNone();
        server.close(); // may be repeated
    }

    @Test
    void mappingsEndWhenTimeSaysSo() throws Exception {
        var server = virtual();
        ask(client(server), MAP);
        server.advance(LIFETIME.minusNanos(1));
        assertThat(server.mappings()).hasSize(1);
        server.advance(Duration.ofNanos(1));
        assertThat(server.mappings()).isEmpty();
        assertThat(server.clock().instant()).isEqualTo(Instant.parse("2026-01-01T13:00:00Z"));
    }

    @Test
    void theEpochGoesByVirtualTimeAlone() throws Exception {
        var server = virtual();
        var client = client(server);
        assertThat(epoch(ask(client, ANNOUNCE))).isZero();
        server.advance(Duration.ofSeconds(100));
        assertThat(epoch(ask(client, ANNOUNCE))).isEqualTo(100);
        server.restart();
        assertThat(epoch(ask(client, ANNOUNCE))).isEqualTo(100);
    }

    @Test
    void delaysGoByVirtualTimeToo() throws Exception {
        var server = virtual();
        var client = client(server);
        server.faults().delay(Duration.ofSeconds(2));
        send(client, MAP);
        server.awaitRequest(MapRequest.class);
        server.advance(Duration.ofMillis(1999));
        assertThat(server.mappings()).as("it is done already").hasSize(1);
        assertThat(server.received().getFirst().answer()).isEmpty();
        server.advance(Duration.ofMillis(1));
        assertThat(server.received().getFirst().answer()).isPresent();
        assertThat(result(receive(client))).isZero();
    }

    /** Without waiting for the answer: what has been seen is done when no time has passed. */
    @Test
    void whatCameIsAnsweredBeforeTimePasses() throws Exception {
        var server = virtual();
        var client = client(server);
        for (int i = 0; i < 50; i++) {
            send(client, MAP);
            server.awaitRequest(MapRequest.class);
            server.advance(Duration.ZERO);
            assertThat(server.received().getLast().answer()).isPresent();
        }
    }

    @Test
    void whatTheOperatorDoesIsDoneBeforeTimePasses() throws Exception {
        var server = virtual();
        ask(client(server), MAP);
        server.running().clear();
        server.advance(Duration.ZERO);
        assertThat(server.mappings()).isEmpty();
    }

    @Test
    void realTimeCannotBeMoved() {
        var inReal = real();
        assertThatThrownBy(() -> inReal.advance(Duration.ofSeconds(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("annotate the test with @VirtualTime");
    }

    @Test
    void aRestartKeepsPortMappingsFaultsAndWhatWasReceived() throws Exception {
        var server = virtual("faults = external=198.51.100.1");
        var client = client(server);
        ask(client, MAP);
        server.faults().set("external=off").refuse(ResultCode.NO_RESOURCES);
        server.restart();
        assertThat(server.mappings()).hasSize(1);
        assertThat(result(ask(client, MAP))).isEqualTo(ResultCode.NO_RESOURCES.value());
        assertThat(server.faults()).hasToString("refuse=NO_RESOURCES");
        server.faults().clear();
        server.restart();
        assertThat(server.faults()).hasToString("no faults");
        assertThat(server.received(MapRequest.class)).hasSize(2);
    }

    @Test
    void whatIsLostWithTheStateAreMappingsAndEpoch() throws Exception {
        var server = virtual();
        var client = client(server);
        ask(client, MAP);
        server.advance(Duration.ofSeconds(100));
        server.restartWithoutState();
        assertThat(server.mappings()).isEmpty();
        assertThat(epoch(ask(client, ANNOUNCE))).isZero();
        assertThat(server.clock().instant()).isEqualTo(Instant.parse("2026-01-01T12:01:40Z"));
    }

    @Test
    void eachAddressKeepsItsPort() throws Exception {
        var server = real("listen = 127.0.0.1, ::1");
        var client = client(server);
        var addresses = server.running().addresses();
        server.restart();
        assertThat(server.running().addresses()).isEqualTo(addresses);
        assertThat(result(ask(client, MAP))).isZero();
    }

    @Test
    void aServerThatStoppedByItselfFailsTheTest() {
        var server = PcpTestServer.inVirtualTime();
        server.running().failure().complete(new IllegalStateException("a bug"));
        assertThatThrownBy(() -> server.advance(Duration.ZERO)).hasRootCauseMessage("a bug");
        assertThatThrownBy(server::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the server has stopped by itself")
                .hasRootCauseMessage("a bug");
    }

    @Test
    void requestsComeInTheirOrderAndEachIsReturnedOnce() throws Exception {
        var server = real();
        var client = client(server);
        ask(client, ANNOUNCE);
        ask(client, MAP);
        ask(client, MAP.replace("1f90", "1f91"));
        assertThat(server.awaitRequest(MapRequest.class, map -> map.internalPort() == 8081)
                        .internalPort())
                .isEqualTo(8081);
        assertThat(server.awaitRequest(MapRequest.class).internalPort()).isEqualTo(8080);
        assertThat(server.awaitRequest(AnnounceRequest.class)).isNotNull();
        send(client, MAP);
        assertThat(server.awaitRequest(MapRequest.class)).isNotNull();
        assertThat(server.received(MapRequest.class))
                .extracting(MapRequest::internalPort)
                .containsExactly(8080, 8081, 8080);
    }
}
