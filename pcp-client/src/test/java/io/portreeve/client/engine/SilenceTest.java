package io.portreeve.client.engine;

import static io.portreeve.client.engine.Lockstep.ADDRESS;
import static io.portreeve.client.engine.Lockstep.HOUR;
import static io.portreeve.client.engine.Lockstep.KEY;
import static io.portreeve.client.engine.Lockstep.SERVER;
import static io.portreeve.client.engine.Lockstep.SOURCE;
import static io.portreeve.client.engine.Lockstep.wants;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.PcpServer;
import io.portreeve.client.ServerView;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A server that answers nothing is told from one that has nothing to answer. */
class SilenceTest {
    /** After the slowest third request, and the time for its answer. */
    private static final Duration LATEST = Duration.ofMillis(13_600);

    private static final MappingKey OTHER = own(9);
    private static final MappingKey PEER = new MappingKey(
            Optional.empty(),
            IpProtocol.UDP,
            9,
            PcpAddress.ANY_IPV4,
            Optional.of(new Endpoint(PcpAddress.parse("198.51.100.7"), 5060)));

    private Lockstep client = new Lockstep();

    private static MappingKey own(int port) {
        return new MappingKey(Optional.empty(), IpProtocol.UDP, port, PcpAddress.ANY_IPV4);
    }

    private ServerView server() {
        return client.servers().getFirst();
    }

    private void wantOther() {
        client.want(wants(OTHER, new ExternalChoice.Any()));
    }

    private void fallSilent() {
        client.want();
        client.pass(LATEST);
        assertThat(client.silences).hasSize(1);
    }

    private void answersAgain() {
        assertThat(client.silences).last().isEqualTo(new Effect.AnswersAgain(SERVER));
        assertThat(server().silentFor()).isEmpty();
        assertThat(server().sinceAnswer()).contains(Duration.ZERO);
    }

    @Test
    void isSilentWhenARequestAndTwoRetransmissionsHaveNoAnswer() {
        Seeds.each(200, random -> {
            client = new Lockstep(random.nextLong(), List.of());
            client.want();
            client.pass(Duration.ofMillis(10_500));
            assertThat(server().silentFor()).isEmpty();
            client.pass(LATEST.minusMillis(10_500));

            assertThat(client.sent).hasSize(3);
            assertThat(client.silences).singleElement().satisfies(it -> {
                var told = (Effect.FellSilent) it;
                assertThat(told.server()).isEqualTo(SERVER);
                assertThat(told.unanswered()).isBetween(Duration.ofMillis(10_500), LATEST);
            });
            assertThat(server().silentFor()).contains(LATEST);
            assertThat(server().sinceAnswer()).isEmpty();
        });
    }

    @Test
    void isToldOnce() {
        fallSilent();
        client.pass(Duration.ofHours(3));
        assertThat(client.silences).hasSize(1);
        assertThat(server().silentFor()).contains(LATEST.plusHours(3));
    }

    @Test
    void aRefusalEndsIt() {
        fallSilent();
        client.refuse(ResultCode.NETWORK_FAILURE, new Lifetime(1800));
        answersAgain();
        client.pass(Duration.ofMinutes(10));
        assertThat(server().sinceAnswer()).contains(Duration.ofMinutes(10));
        assertThat(client.silences).hasSize(2);
    }

    @Test
    void anotherVersionEndsIt() {
        fallSilent();
        client.otherVersion(1);
        answersAgain();
    }

    @Test
    void anAnswerToAProbeEndsItAndAWordToAllDoesNot() {
        wantOther();
        client.grant(client.lastSent(), 9, HOUR);
        fallSilent();
        client.handle(announced());
        assertThat(client.silences).hasSize(1);
        client.handle(new ClientEvent.Connected(ADDRESS, SOURCE));
        client.handle(new ClientEvent.Due());
        assertThat(client.probes).isNotEmpty();
        client.handle(announced());
        answersAgain();
    }

    private ClientEvent announced() {
        return new ClientEvent.Received(ADDRESS, new AnnounceResponse(0, new EpochTime(client.serverEpoch)));
    }

    @Test
    void aListEndsIt() {
        var policy = new ClientPolicy(Duration.ZERO, Optional.of(Duration.ofMinutes(10)), MonoTime.START);
        client = new Lockstep(0, policy, List.of(), List.of(new PcpServer(SERVER, List.of(ADDRESS))));
        fallSilent();
        client.audit();
        client.handle(new ClientEvent.Due());
        var asked = client.lists.getFirst();
        client.handle(new ClientEvent.Received(
                ADDRESS,
                new GetResponse(
                        ResultCode.NONEXIST_MAP.value(),
                        Lifetime.DELETE,
                        new EpochTime(client.serverEpoch),
                        asked.nonce(),
                        asked.filter(),
                        List.of())));
        answersAgain();
    }

    @Test
    void whatAnswersNoRequestDoesNotEndIt() {
        fallSilent();
        var forged = client.response(client.lastSent(), 0, HOUR, 8080, Lockstep.EXTERNAL);
        client.receive(new MapResponse(
                0,
                HOUR,
                forged.epoch(),
                new MappingNonce(6, 6, 6),
                forged.protocol(),
                forged.internalPort(),
                8080,
                Lockstep.EXTERNAL,
                forged.options()));
        assertThat(client.silences).hasSize(1);
        assertThat(server().silentFor()).isPresent();
    }

    @Test
    void oneLostRenewalIsNoSilence() {
        client.want();
        client.grant();
        client.pass(Duration.ofMinutes(44)); // the first renewal leaves after 37.5 min at the latest
        assertThat(client.sent).hasSize(2);
        assertThat(client.silences).isEmpty();
        client.pass(Duration.ofMinutes(5)); // and the second after 48.75 min
        assertThat(client.sent).hasSize(3);
        assertThat(client.silences).hasSize(1);
    }

    @Test
    void whoAnswersOneOfManyIsNotSilent() {
        client.want();
        client.pass(Duration.ofSeconds(5));
        wantOther();
        client.grant(client.lastSent(), 9, HOUR);
        client.pass(Duration.ofSeconds(11)); // the fourth request follows after 16.3 s at the soonest
        assertThat(client.sent).hasSize(4);
        assertThat(client.silences).isEmpty();
    }

    @Test
    void whoIsAskedForNothingAnyMoreIsNotSilent() {
        client.want(wants(PEER, new ExternalChoice.Any()));
        client.pass(LATEST);
        assertThat(client.silences).hasSize(1);
        client.release(PEER);
        assertThat(server().silentFor()).isEmpty();
        client.pass(Duration.ofHours(1));
        client.want();
        assertThat(server().silentFor()).isEmpty();
        assertThat(client.silences).as("it has not answered").hasSize(1);
        client.pass(LATEST);
        assertThat(client.silences).hasSize(2).last().isInstanceOf(Effect.FellSilent.class);
    }

    @Test
    void whoHasAnsweredAllThatIsLeftIsNotSilent() {
        wantOther();
        client.grant(client.lastSent(), 9, HOUR);
        client.want();
        client.refuse(ResultCode.NOT_AUTHORIZED, new Lifetime(1800));
        client.want(wants(PEER, new ExternalChoice.Any()));
        client.pass(LATEST);
        assertThat(server().silentFor()).contains(LATEST);
        client.release(PEER);
        assertThat(server().silentFor()).isEmpty();
    }

    @Test
    void aServerThatIsNoneOfOursIsNotSilent() {
        fallSilent();
        client.use(List.of());
        assertThat(client.view(KEY).state()).as("wanted still").isEqualTo("WAIT_RESP");
        assertThat(server().silentFor()).isEmpty();
        assertThat(client.silences).hasSize(1);
    }
}
