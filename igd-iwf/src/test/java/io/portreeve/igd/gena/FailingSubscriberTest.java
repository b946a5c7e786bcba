package io.portreeve.igd.gena;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.gena.GenaAnswer.Refused;
import io.portreeve.igd.gena.GenaEvent.Outcome;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Subscribers that cannot be reached, say no, or want too much. */
class FailingSubscriberTest {
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final Play play = new Play();

    @BeforeEach
    void publish() {
        play.publish("Address", "203.0.114.7", "Entries", "1");
    }

    @Test
    @Proves("igd:I-GENA-08")
    void makesUpForALostEventWithTheNext() {
        var sid = play.subscribed(Play.CONSOLE);
        play.taken();
        play.publish("Address", "203.0.114.8", "Entries", "1");
        play.delivered(sid, Outcome.FAILED);
        play.pass(PAUSE.minusNanos(1));
        assertThat(play.taken()).as("a pause, for it is busy perhaps").isEmpty();

        play.pass(Duration.ofNanos(1));
        assertThat(play.taken())
                .containsExactly(Play.event(sid, 1, Play.CONSOLE, "Address", "203.0.114.8", "Entries", "1"));
    }

    @Test
    @Proves({"igd:I-GENA-08", "rel:T-16"})
    void isSilentAfterThreeFailuresUntilTheSubscriberRenews() {
        var sid = play.subscribed(Play.CONSOLE);
        fail(sid, 3);
        play.taken();
        play.publish("Address", "203.0.114.7", "Entries", "2");
        play.pass(Duration.ofMinutes(10));
        play.publish("Address", "203.0.114.7", "Entries", "3");
        play.pass(Duration.ofMinutes(10));
        assertThat(play.taken()).isEmpty();

        assertThat(play.renew(Play.CONSOLE, sid)).isInstanceOf(GenaAnswer.Granted.class);
        assertThat(play.taken())
                .containsExactly(Play.event(sid, 3, Play.CONSOLE, "Address", "203.0.114.7", "Entries", "3"));
    }

    @Test
    @Proves("rel:T-16")
    void countsFailuresInARowOnly() {
        var sid = play.subscribed(Play.CONSOLE);
        for (int i = 0; i < 3; i++) {
            fail(sid, 2);
            play.delivered(sid, Outcome.ACCEPTED);
            play.publish("Address", "203.0.114.7", "Entries", "1" + i);
            play.pass(PAUSE);
        }
        assertThat(play.taken()).hasSize(10);
    }

    @Test
    @Proves("rel:T-16")
    void countsAgainAfterARenewal() {
        var sid = play.subscribed(Play.CONSOLE);
        fail(sid, 2);
        play.renew(Play.CONSOLE, sid);
        fail(sid, 2);
        assertThat(play.taken()).as("the first, and one after each failure").hasSize(5);
    }

    private void fail(String sid, int times) {
        for (int i = 0; i < times; i++) {
            play.delivered(sid, Outcome.FAILED);
            play.pass(PAUSE);
        }
    }

    @Test
    void endsASilentSubscriptionToo() {
        var sid = play.subscribed(Play.CONSOLE);
        fail(sid, 3);
        play.pass(Duration.ofMinutes(30));
        assertThat(play.renew(Play.CONSOLE, sid)).isEqualTo(Refused.PRECONDITION_FAILED);
    }

    @Test
    @Proves("igd:I-GENA-08")
    void endsWhatTheSubscriberDoesNotKnow() {
        var sid = play.subscribed(Play.CONSOLE);
        play.publish("Address", "203.0.114.7", "Entries", "2");
        play.taken();
        play.delivered(sid, Outcome.UNKNOWN_THERE);
        play.pass(Duration.ofMinutes(1));
        assertThat(play.taken()).isEmpty();
        assertThat(play.renew(Play.CONSOLE, sid)).isEqualTo(Refused.PRECONDITION_FAILED);
    }

    @Test
    @Proves("rel:T-16")
    void doesNotLetOthersWait() {
        play.subscribed(Play.CONSOLE);
        var other = play.settled(Play.TV);
        play.publish("Address", "203.0.114.7", "Entries", "2");
        assertThat(play.taken()).containsExactly(Play.event(other, 1, Play.TV, "Entries", "2"));
    }

    @Test
    @Proves({"rel:T-17", "igd:I-GENA-07"})
    void takesFourOfAHost() {
        var sid = play.settled(Play.CONSOLE);
        for (int i = 1; i < 4; i++) {
            play.settled(Play.CONSOLE);
        }
        for (int i = 0; i < 10_000; i++) {
            assertThat(play.subscribe(Play.CONSOLE)).isEqualTo(Refused.UNAVAILABLE);
        }
        assertThat(play.subscribe(Play.TV)).as("another host").isInstanceOf(GenaAnswer.Granted.class);
        assertThat(play.renew(Play.CONSOLE, sid)).isInstanceOf(GenaAnswer.Granted.class);

        play.unsubscribe(Play.CONSOLE, sid);
        assertThat(play.subscribe(Play.CONSOLE)).as("room again").isInstanceOf(GenaAnswer.Granted.class);
    }

    @Test
    @Proves("rel:T-17")
    void takesSixtyFourInAll() {
        for (int host = 0; host < 16; host++) {
            for (int i = 0; i < 4; i++) {
                play.settled(Play.host(100 + host));
            }
        }
        assertThat(play.subscribe(Play.CONSOLE)).isEqualTo(Refused.UNAVAILABLE);
        play.pass(Duration.ofMinutes(30));
        assertThat(play.subscribe(Play.CONSOLE)).as("when those have expired").isInstanceOf(GenaAnswer.Granted.class);
    }

    /** Each event holds a socket and a thread, so subscribing and unsubscribing in a circle must not multiply them. */
    @Test
    @Proves("rel:T-17")
    void keepsThePlaceOfAnEventThatIsUnderWay() {
        for (int i = 0; i < 4; i++) {
            play.unsubscribe(Play.CONSOLE, play.subscribed(Play.CONSOLE));
        }
        assertThat(play.subscribe(Play.CONSOLE)).isEqualTo(Refused.UNAVAILABLE);

        var last = play.taken().getLast().sid();
        play.delivered(last, Outcome.FAILED);
        assertThat(play.subscribe(Play.CONSOLE)).isInstanceOf(GenaAnswer.Granted.class);
        play.pass(Duration.ofMinutes(1));
        assertThat(play.taken()).as("to those who have unsubscribed").isEmpty();
    }

    @Test
    void tellsAnEmptyValue() {
        play.settled(Play.CONSOLE);
        play.publish("Address", "", "Entries", "1");
        assertThat(play.taken())
                .singleElement()
                .extracting(Notification::properties)
                .isEqualTo(Map.of("Address", ""));
    }
}
