package io.portreeve.igd.gena;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.gena.GenaAnswer.Granted;
import io.portreeve.igd.gena.GenaAnswer.Refused;
import io.portreeve.igd.gena.GenaEvent.Outcome;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Whatever subscribers do and suffer, what they are told is in order, moderate, addressed to the living, and in the end complete. */
class RandomSubscribersTest {
    private static final int SEEDS = 5_000;
    private static final int STEPS = 150;

    @Test
    @Proves({"igd:I-GENA-06", "igd:I-GENA-08", "rel:T-16", "rel:T-17", "rel:T-30"})
    void areToldInOrderAndInTheEndAll() {
        Seeds.each(SEEDS, random -> {
            var world = new World(random);
            for (int step = 0; step < STEPS; step++) {
                world.step();
            }
            world.calm();
            world.checkThatAllKnowAll();
        });
    }

    /** What a subscriber, and who watches it, know of one subscription. */
    private static final class Subscriber {
        private final PcpAddress host;
        private final Map<String, String> known = new HashMap<>();
        private MonoTime expires;
        private boolean greeted;
        private boolean over;
        private Optional<Notification> underWay = Optional.empty();
        private MonoTime quietUntil = MonoTime.START;
        private long nextKey;
        private int failures;

        Subscriber(PcpAddress host, MonoTime now) {
            this.host = host;
            expires = now.plus(Duration.ofMinutes(30));
        }

        boolean lives(MonoTime now) {
            return !over && now.isBefore(expires);
        }
    }

    /** Subscribers in any number of states, a gateway whose values change, and a network that fails. */
    private static final class World {
        private final RandomGenerator random;
        private final Play play = new Play(this::sent);
        private final Map<String, Subscriber> subscribers = new LinkedHashMap<>();
        private Map<String, String> published = Map.of();

        World(RandomGenerator random) {
            this.random = random;
            publish();
        }

        void step() {
            switch (random.nextInt(10)) {
                case 0 -> subscribe(Play.host(33 + random.nextInt(3)));
                case 1 -> any().ifPresent(this::answer);
                case 2 -> any().ifPresent(this::renew);
                case 3 -> any().ifPresent(this::unsubscribe);
                case 4, 5 -> publish();
                case 6, 7 -> any().ifPresent(sid -> deliver(sid, outcome()));
                default -> play.pass(Duration.ofMillis(random.nextInt(random.nextInt(20) == 0 ? 2_000_000 : 3_000)));
            }
        }

        private Optional<String> any() {
            var sids = List.copyOf(subscribers.keySet());
            return sids.isEmpty() ? Optional.empty() : Optional.of(sids.get(random.nextInt(sids.size())));
        }

        private void subscribe(PcpAddress host) {
            long places = subscribers.values().stream()
                    .filter(it -> it.host.equals(host))
                    .filter(it -> it.lives(play.now()) || it.underWay.isPresent())
                    .count();
            var answer = play.subscribe(host);
            if (answer instanceof Granted granted) {
                assertThat(places).as("places of a host").isLessThan(GenaEngine.MAX_PER_HOST);
                subscribers.put(granted.sid(), new Subscriber(host, play.now()));
            } else {
                assertThat(places).as("refused for that").isEqualTo(GenaEngine.MAX_PER_HOST);
            }
        }

        private void answer(String sid) {
            var subscriber = subscribers.get(sid);
            if (random.nextInt(4) == 0) {
                subscriber.over |= !subscriber.greeted;
                play.happens(new GenaEvent.NotAnswered(sid));
            } else {
                subscriber.greeted = true;
                play.happens(new GenaEvent.Answered(sid));
            }
        }

        private void renew(String sid) {
            var subscriber = subscribers.get(sid);
            var requester = Play.host(33 + random.nextInt(3));
            if (isKnown(subscriber, requester)) {
                subscriber.expires = play.now().plus(Duration.ofMinutes(30));
                subscriber.failures = 0;
                assertThat(play.renew(requester, sid)).isInstanceOf(Granted.class);
            } else {
                assertThat(play.renew(requester, sid)).isEqualTo(Refused.PRECONDITION_FAILED);
            }
        }

        private void unsubscribe(String sid) {
            var subscriber = subscribers.get(sid);
            var requester = Play.host(33 + random.nextInt(3));
            if (isKnown(subscriber, requester)) {
                subscriber.over = true;
                assertThat(play.unsubscribe(requester, sid)).isInstanceOf(GenaAnswer.Unsubscribed.class);
            } else {
                assertThat(play.unsubscribe(requester, sid)).isEqualTo(Refused.PRECONDITION_FAILED);
            }
        }

        private boolean isKnown(Subscriber subscriber, PcpAddress requester) {
            return subscriber.lives(play.now()) && subscriber.host.equals(requester);
        }

        private void publish() {
            var values = Play.variables(
                    "Status",
                    "" + random.nextBoolean(),
                    "Address",
                    "" + random.nextInt(3),
                    "Entries",
                    "" + random.nextInt(3));
            published = values;
            play.happens(new GenaEvent.Published(Play.PATH, values));
        }

        private Outcome outcome() {
            int percent = random.nextInt(100);
            return percent < 50 ? Outcome.ACCEPTED : percent < 95 ? Outcome.FAILED : Outcome.UNKNOWN_THERE;
        }

        private void deliver(String sid, Outcome outcome) {
            var subscriber = subscribers.get(sid);
            if (subscriber.underWay.isPresent()) {
                switch (outcome) {
                    case ACCEPTED -> {
                        subscriber.known.putAll(subscriber.underWay.get().properties());
                        subscriber.failures = 0;
                    }
                    case FAILED -> {
                        subscriber.failures++;
                        subscriber.quietUntil = play.now().plus(Duration.ofSeconds(5));
                    }
                    case UNKNOWN_THERE -> subscriber.over = true;
                }
                subscriber.underWay = Optional.empty();
                play.delivered(sid, outcome);
            }
        }

        /** What holds for each event. */
        private void sent(Notification event) {
            var to = subscribers.get(event.sid());
            assertThat(to.lives(play.now())).as("to the living only").isTrue();
            assertThat(to.greeted).as("after the answer").isTrue();
            assertThat(to.underWay).as("one after the other").isEmpty();
            assertThat(to.failures).as("silence after failures").isLessThan(3);
            assertThat(play.now()).as("seldom").isGreaterThanOrEqualTo(to.quietUntil);
            assertThat(event.key()).as("in order").isEqualTo(to.nextKey);
            assertThat(event.from()).isEqualTo(Play.GATEWAY);
            assertThat(event.callback()).isEqualTo(Play.callback(to.host));
            assertThat(event.properties()).as("what is so now").isNotEmpty();
            assertThat(published.entrySet()).containsAll(event.properties().entrySet());
            to.nextKey++;
            to.quietUntil = play.now().plus(Duration.ofMillis(200));
            to.underWay = Optional.of(event);
        }

        /** All subscribers are there again, and the network works. */
        void calm() {
            subscribers.forEach((sid, subscriber) -> {
                if (subscriber.lives(play.now())) {
                    subscriber.greeted = true;
                    subscriber.failures = 0;
                    subscriber.expires = play.now().plus(Duration.ofMinutes(30));
                    play.happens(new GenaEvent.Answered(sid));
                    play.renew(subscriber.host, sid);
                }
            });
            for (int round = 0; round < 3; round++) {
                List.copyOf(subscribers.keySet()).forEach(sid -> deliver(sid, Outcome.ACCEPTED));
                play.pass(Duration.ofSeconds(5));
            }
        }

        void checkThatAllKnowAll() {
            subscribers.forEach((sid, subscriber) -> {
                assertThat(subscriber.underWay).as(sid).isEmpty();
                if (subscriber.lives(play.now())) {
                    assertThat(subscriber.known).as(sid).isEqualTo(published);
                }
            });
        }
    }
}
