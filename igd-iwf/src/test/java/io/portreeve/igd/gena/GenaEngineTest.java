package io.portreeve.igd.gena;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.gena.GenaAnswer.Refused;
import io.portreeve.igd.gena.GenaEvent.Outcome;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What subscribers are told, and when. */
class GenaEngineTest {
    private static final Duration SPACING = Duration.ofMillis(200);

    private final Play play = new Play();

    @BeforeEach
    void publish() {
        play.publish("Status", "Connected", "Address", "203.0.114.7", "Entries", "1");
    }

    @Test
    @Proves({"igd:I-GENA-05", "rel:T-17"})
    void grantsHalfAnHour() {
        var sid = "uuid:00000000-0000-0000-0000-000000000001";
        assertThat(play.subscribe(Play.CONSOLE)).isEqualTo(new GenaAnswer.Granted(sid, Duration.ofMinutes(30)));
        play.pass(Duration.ofMinutes(10));
        assertThat(play.renew(Play.CONSOLE, sid)).isEqualTo(new GenaAnswer.Granted(sid, Duration.ofMinutes(30)));
    }

    @Test
    @Proves("igd:I-GENA-06")
    void tellsAllFirstButNotBeforeTheAnswerHasLeft() {
        var sid = play.granted(Play.CONSOLE);
        play.pass(Duration.ofSeconds(1));
        play.publish("Status", "Connected", "Address", "203.0.114.8", "Entries", "1");
        assertThat(play.taken()).isEmpty();

        play.happens(new GenaEvent.Answered(sid));
        assertThat(play.taken())
                .containsExactly(Play.event(
                        sid, 0, Play.CONSOLE, "Status", "Connected", "Address", "203.0.114.8", "Entries", "1"));
    }

    @Test
    @Proves("igd:I-GENA-06")
    void doesNotBeginAgainWithARenewal() {
        var sid = play.settled(Play.CONSOLE);
        play.renew(Play.CONSOLE, sid);
        play.happens(new GenaEvent.Answered(sid));
        play.pass(Duration.ofMinutes(1));
        assertThat(play.taken()).isEmpty();
    }

    @Test
    void forgetsASubscriberWhoWasNotTold() {
        for (int i = 0; i < 10; i++) {
            var sid = play.granted(Play.CONSOLE);
            play.happens(new GenaEvent.NotAnswered(sid));
            assertThat(play.renew(Play.CONSOLE, sid)).isEqualTo(Refused.PRECONDITION_FAILED);
        }
        play.pass(Duration.ofMinutes(1));
        assertThat(play.taken()).isEmpty();
    }

    @Test
    void keepsASubscriberWhoWasNotToldOfARenewal() {
        var sid = play.settled(Play.CONSOLE);
        play.renew(Play.CONSOLE, sid);
        play.happens(new GenaEvent.NotAnswered(sid));
        play.publish("Status", "Connected", "Address", "203.0.114.7", "Entries", "2");
        assertThat(play.taken()).hasSize(1);
    }

    @Test
    @Proves({"igd:I-GENA-02", "igd:J-12"})
    void tellsTogetherWhatChangesTogether() {
        var sid = play.settled(Play.CONSOLE);
        play.publish("Status", "Connected", "Address", "203.0.114.8", "Entries", "2");
        assertThat(play.taken())
                .containsExactly(Play.event(sid, 1, Play.CONSOLE, "Address", "203.0.114.8", "Entries", "2"));
    }

    @Test
    void tellsNothingWhenNothingChanges() {
        play.settled(Play.CONSOLE);
        play.publish("Status", "Connected", "Address", "203.0.114.7", "Entries", "1");
        play.pass(Duration.ofMinutes(1));
        assertThat(play.taken()).isEmpty();
    }

    @Test
    @Proves("rel:T-30")
    void tellsAFlappingAddressFiveTimesASecondAndTheLastOneInTheEnd() {
        var sid = play.settled(Play.CONSOLE);
        int events = 0;
        for (int i = 0; i < 999; i++) {
            play.publish("Status", "Connected", "Address", "203.0.114." + i % 2, "Entries", Integer.toString(i));
            play.pass(Duration.ofMillis(1));
            events += deliverAll(sid);
        }
        assertThat(events).isEqualTo(5);

        play.pass(SPACING);
        assertThat(play.taken())
                .singleElement()
                .extracting(Notification::properties)
                .isEqualTo(Map.of("Address", "203.0.114.0", "Entries", "998"));
    }

    private int deliverAll(String sid) {
        var taken = play.taken();
        taken.forEach(_ -> play.delivered(sid, Outcome.ACCEPTED));
        return taken.size();
    }

    @Test
    @Proves("igd:I-GENA-06")
    void sendsOneEventAfterTheOther() {
        var sid = play.subscribed(Play.CONSOLE);
        play.publish("Status", "Connected", "Address", "203.0.114.7", "Entries", "2");
        play.pass(Duration.ofSeconds(4));
        play.publish("Status", "Connected", "Address", "203.0.114.7", "Entries", "3");
        assertThat(play.taken()).extracting(Notification::key).containsExactly(0L);

        play.delivered(sid, Outcome.ACCEPTED);
        assertThat(play.taken()).containsExactly(Play.event(sid, 1, Play.CONSOLE, "Entries", "3"));
    }

    @Test
    void tellsOnlyOfTheEventUrlSubscribedTo() {
        play.settled(Play.CONSOLE);
        play.happens(new GenaEvent.Published(Play.OTHER_PATH, Play.variables("Status", "other")));
        play.pass(Duration.ofMinutes(1));
        assertThat(play.taken()).isEmpty();
    }

    @Test
    void takesNobodyWhileThereIsNothingToTell() {
        play.happens(new GenaEvent.Subscribe(1, Play.OTHER_PATH, Play.GATEWAY, Play.callback(Play.CONSOLE)));
        assertThat(play.happens(new GenaEvent.Subscribe(2, Play.OTHER_PATH, Play.GATEWAY, Play.callback(Play.CONSOLE))))
                .containsExactly(new GenaEffect.Answer(2, Refused.UNAVAILABLE));
    }

    @Test
    void endsWhatIsNotRenewed() {
        var sid = play.settled(Play.CONSOLE);
        play.pass(Duration.ofMinutes(29));
        play.renew(Play.CONSOLE, sid);
        play.pass(Duration.ofMinutes(30).minusNanos(1));
        play.publish("Status", "Connected", "Address", "203.0.114.7", "Entries", "2");
        assertThat(play.taken()).hasSize(1);
        play.delivered(sid, Outcome.ACCEPTED);

        play.pass(Duration.ofNanos(1));
        play.publish("Status", "Connected", "Address", "203.0.114.7", "Entries", "3");
        play.pass(Duration.ofMinutes(1));
        assertThat(play.taken()).isEmpty();
        assertThat(play.renew(Play.CONSOLE, sid)).isEqualTo(Refused.PRECONDITION_FAILED);
        assertThat(play.unsubscribe(Play.CONSOLE, sid)).isEqualTo(Refused.PRECONDITION_FAILED);
    }

    @Test
    void tellsNothingAfterUnsubscribe() {
        var sid = play.settled(Play.CONSOLE);
        assertThat(play.unsubscribe(Play.CONSOLE, sid)).isEqualTo(new GenaAnswer.Unsubscribed());
        play.publish("Status", "Connected", "Address", "203.0.114.7", "Entries", "2");
        play.pass(Duration.ofMinutes(1));
        assertThat(play.taken()).isEmpty();
        assertThat(play.unsubscribe(Play.CONSOLE, sid)).isEqualTo(Refused.PRECONDITION_FAILED);
    }

    @Test
    @Proves("rel:T-17")
    void knowsASubscriberByItsAddressAndPath() {
        var sid = play.settled(Play.CONSOLE);
        assertThat(play.renew(Play.TV, sid)).isEqualTo(Refused.PRECONDITION_FAILED);
        assertThat(play.unsubscribe(Play.TV, sid)).isEqualTo(Refused.PRECONDITION_FAILED);
        assertThat(play.happens(new GenaEvent.Renew(7, Play.OTHER_PATH, Play.CONSOLE, sid)))
                .containsExactly(new GenaEffect.Answer(7, Refused.PRECONDITION_FAILED));

        play.publish("Status", "Connected", "Address", "203.0.114.7", "Entries", "2");
        assertThat(play.taken()).extracting(Notification::sid).containsExactly(sid);
    }
}
