package io.portreeve.server.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.natpmp.ExternalAddressRequest;
import io.portreeve.pcp.natpmp.ExternalAddressResponse;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.net.SeenDatagram;
import io.portreeve.server.net.SeenDatagram.Direction;
import io.portreeve.testing.Await;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RequestLogTest {
    private static final Endpoint SERVER = new Endpoint(PcpAddress.parse("127.0.0.1"), 5351);
    private static final Endpoint CLIENT = new Endpoint(PcpAddress.parse("127.0.0.1"), 40_000);
    private static final String ANNOUNCE = "0200000000000000" + "00000000000000000000ffff7f000001";
    private static final String ANSWER = "0280000000000000" + "00000007" + "000000000000000000000000";

    private final RequestLog log = new RequestLog(Duration.ZERO);

    private byte[] came(String hex) {
        return came(hex, log);
    }

    private static byte[] came(String hex, RequestLog log) {
        var octets = HexFormat.of().parseHex(hex);
        log.accept(new SeenDatagram(Direction.RECEIVED, SERVER, CLIENT, octets, Optional.empty()));
        return octets;
    }

    private void answered(byte[] request, String hex) {
        log.accept(
                new SeenDatagram(Direction.SENT, SERVER, CLIENT, HexFormat.of().parseHex(hex), Optional.of(request)));
    }

    @Test
    void anAnswerBelongsToItsOwnRequestThoughOthersAreEqual() {
        came(ANNOUNCE);
        var second = came(ANNOUNCE);
        came(ANNOUNCE);
        answered(second, ANSWER);
        answered(second, ANSWER);
        assertThat(log.all()).extracting(request -> request.answers().size()).containsExactly(0, 2, 0);
        var request = log.all().get(1);
        assertThat(request.source()).isEqualTo(new InetSocketAddress("127.0.0.1", 40_000));
        assertThat(request.octets()).isEqualTo(second).isNotSameAs(second);
        assertThat(request.as(AnnounceRequest.class)).contains(new AnnounceRequest(CLIENT.address()));
        assertThat(request.pcp()).isPresent();
        assertThat(request.natPmp()).isEmpty();
        assertThat(request).asString().endsWith(", 2 times");
        var answer = request.answer().orElseThrow();
        assertThat(answer.as(AnnounceResponse.class).orElseThrow().epoch().seconds())
                .isEqualTo(7);
        assertThat(answer.octets()).isEqualTo(HexFormat.of().parseHex(ANSWER));
    }

    @Test
    void whatNobodyAskedForIsNobodysAnswer() {
        came(ANNOUNCE);
        log.accept(
                new SeenDatagram(Direction.SENT, SERVER, CLIENT, HexFormat.of().parseHex(ANSWER), Optional.empty()));
        assertThat(log.all())
                .singleElement()
                .satisfies(it -> assertThat(it.answers()).isEmpty());
    }

    @Test
    void natPmpIsReadToo() {
        answered(came("0000"), "0080000000000007cb007101");
        var request = log.all().getFirst();
        assertThat(request.natPmp()).contains(new ExternalAddressRequest());
        assertThat(request.answer()
                        .orElseThrow()
                        .as(ExternalAddressResponse.class)
                        .orElseThrow()
                        .external())
                .isEqualTo(PcpAddress.parse("203.0.113.1"));
    }

    @Test
    void whatDoesNotComeIsToldWithWhatCame() {
        assertThatThrownBy(() -> log.await(MapRequest.class, _ -> true))
                .isInstanceOf(AssertionError.class)
                .hasMessage("no such MapRequest within 0 s; nothing came at all");
        came("02");
        answered(came(ANNOUNCE), ANSWER);
        came("0003");
        log.await(AnnounceRequest.class, _ -> true);
        assertThatThrownBy(() -> log.await(AnnounceRequest.class, _ -> true))
                .isInstanceOf(AssertionError.class)
                .hasMessage("""
                        no such AnnounceRequest within 0 s; what came:
                        1. 127.0.0.1:40000: SHORTER_THAN_2: 02 -> no answer
                        2. 127.0.0.1:40000: AnnounceRequest[client=127.0.0.1, options=[]] -> \
                        AnnounceResponse[result=0, epoch=7 s, options=[]] (returned before)
                        3. 127.0.0.1:40000: UNSUPPORTED_OPCODE: 0003 -> no answer""");
    }

    @Test
    void whatIsNoRequestCannotCome() {
        assertThatThrownBy(() -> log.await(MapResponse.class, _ -> true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("MapResponse is no request of PCP or NAT-PMP");
    }

    @Test
    void whatComesLaterIsWaitedFor() throws Exception {
        var patient = new RequestLog(Duration.ofHours(1));
        came("0000", patient);
        var found = new CompletableFuture<AnnounceRequest>();
        var waiting = Thread.ofPlatform().start(() -> found.complete(patient.await(AnnounceRequest.class, _ -> true)));
        Await.until("it waits", () -> waiting.getState() == Thread.State.TIMED_WAITING);
        came(ANNOUNCE, patient);
        assertThat(found.get(60, TimeUnit.SECONDS).client()).isEqualTo(CLIENT.address());
    }

    @Test
    void whoIsInterruptedWaitsNoLonger() {
        var patient = new RequestLog(Duration.ofMinutes(1));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> patient.await(AnnounceRequest.class, _ -> true))
                .hasMessage("interrupted while waiting; nothing came at all");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void anAnswerThatSaysAnotherVersionIsShownInFull() {
        answered(came(ANNOUNCE), "00000001" + "00000007");
        assertThat(log.all().getFirst().answer().orElseThrow().pcp()).isEmpty();
        assertThat(log.all().getFirst()).asString().endsWith("-> NAT-PMP result 1: 0000000100000007");
    }
}
