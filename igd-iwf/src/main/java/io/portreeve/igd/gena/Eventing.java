package io.portreeve.igd.gena;

import io.portreeve.pcp.MonoTime;
import io.portreeve.runtime.MonoClock;
import io.portreeve.runtime.Owned;
import io.portreeve.runtime.Owner;
import io.portreeve.runtime.Replies;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Eventing at work: the thread that owns the {@link GenaEngine}, and the requests that wait for its answers. */
public final class Eventing implements Subscriptions, AutoCloseable {
    /** The engine answers at once; if it does not, it is not working, and the control point must not wait for ever. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final Replies<GenaAnswer> replies = new Replies<>();
    private final GenaEngine engine;
    private final Delivery delivery = new Delivery(Delivery.LIMIT);
    private final Owner<GenaEvent> owner;

    /**
     * @param random draws the SIDs, 128 bits each, so it must be hard to guess
     * @param onFailure called once if the owner thread fails; nobody is told anything any more then
     */
    public Eventing(MonoClock clock, RandomGenerator random, Consumer<Throwable> onFailure) {
        engine = new GenaEngine(() -> new UUID(random.nextLong(), random.nextLong()));
        owner = new Owner<>("gena", new Loop(), clock, onFailure);
    }

    public void start() {
        owner.start();
    }

    /**
     * Tells the subscribers of {@code eventPath} what has changed; returns at once. Nobody can subscribe there before the first call.
     *
     * @param variables all evented variables of that path, the same each time, in the order in which they are told
     */
    public void publish(String eventPath, SequencedMap<String, String> variables) {
        if (variables.isEmpty()) {
            throw new IllegalArgumentException("no variables for " + eventPath);
        }
        owner.put(new GenaEvent.Published(eventPath, new LinkedHashMap<>(variables)));
    }

    @Override
    public GenaAnswer subscribe(String eventPath, Caller caller, Function<String, List<String>> headers) {
        return answer(GenaRequest.subscribe(eventPath, caller, headers));
    }

    @Override
    public GenaAnswer unsubscribe(String eventPath, Caller caller, Function<String, List<String>> headers) {
        return answer(GenaRequest.unsubscribe(eventPath, caller, headers));
    }

    private GenaAnswer answer(GenaRequest request) {
        return switch (request) {
            case GenaRequest.Right(var event) ->
                replies.await(call -> owner.put(event.apply(call)), LONGEST_WAIT)
                        .orElse(GenaAnswer.Refused.UNAVAILABLE);
            case GenaRequest.Wrong(var refusal) -> refusal;
        };
    }

    @Override
    public void answered(String sid) {
        owner.put(new GenaEvent.Answered(sid));
    }

    @Override
    public void notAnswered(String sid) {
        owner.put(new GenaEvent.NotAnswered(sid));
    }

    /** Tells nobody anything any more. Subscribers learn from SSDP that the gateway goes. */
    @Override
    public void close() {
        owner.close();
    }

    private void perform(GenaEffect effect) {
        switch (effect) {
            case GenaEffect.Answer(long call, var answer) -> answer(call, answer);
            case GenaEffect.Send(var notification) ->
                delivery.send(notification, outcome -> owner.put(new GenaEvent.Delivered(notification.sid(), outcome)));
        }
    }

    private void answer(long call, GenaAnswer answer) {
        if (!replies.reply(call, answer) && answer instanceof GenaAnswer.Granted granted) {
            notAnswered(granted.sid());
        }
    }

    /** What the owner's thread does. */
    private final class Loop implements Owned<GenaEvent> {
        @Override
        public MonoTime nextDue() {
            return engine.nextDue();
        }

        @Override
        public void handle(List<GenaEvent> events, MonoTime now) {
            for (var event : events.isEmpty() ? List.of(new GenaEvent.Due()) : events) {
                engine.handle(event, now).forEach(Eventing.this::perform);
            }
        }
    }
}
