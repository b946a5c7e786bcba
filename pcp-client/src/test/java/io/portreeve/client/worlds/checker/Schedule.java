package io.portreeve.client.worlds.checker;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.worlds.InvariantBroken;
import java.time.Duration;
import java.util.Optional;

/** In which of the RFC's states a mapping is, and when its next request must leave. */
final class Schedule {
    private static final Duration LONGEST_ERROR = Duration.ofMinutes(30);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(3);
    private static final Duration SHORTEST_ERROR = Duration.ofSeconds(4);

    /** The states, in the words of listings. */
    enum State {
        NOT_SENT,
        WAIT_RESP,
        MAPPED,
        REFRESHING,
        ERROR_WAIT_RESEND
    }

    private State state;
    private Window window;
    private Optional<Recovery> recovery = Optional.empty();
    private MonoTime lastSent = MonoTime.START;
    private MonoTime ended = MonoTime.NEVER;
    private Optional<Duration> pause = Optional.empty();
    private Optional<MonoTime> reprobedAt = Optional.empty();
    private int transmissions;
    private int renewals;

    private Schedule(State state, Window window) {
        this.state = state;
        this.window = window;
    }

    static Schedule due(MonoTime now) {
        return new Schedule(State.WAIT_RESP, Window.at(now));
    }

    /** {@return that of what an earlier run may have asked for just before it ended} */
    static Schedule restored(MonoTime now) {
        var schedule = due(now);
        schedule.lastSent = now;
        return schedule;
    }

    static Schedule notBefore(MonoTime due) {
        return new Schedule(State.NOT_SENT, Window.at(due));
    }

    State state() {
        return state;
    }

    Window window() {
        return window;
    }

    boolean isHolding() {
        return state == State.MAPPED || state == State.REFRESHING;
    }

    boolean isRecovering() {
        return recovery.isPresent();
    }

    boolean isRefusedUntilLater(MonoTime now) {
        return state == State.ERROR_WAIT_RESEND && now.isBefore(window.latest());
    }

    /** {@return true if nothing has been asked since a refusal, or only once} */
    boolean mayHearOfRefusalAgain() {
        return state == State.ERROR_WAIT_RESEND || state == State.WAIT_RESP && transmissions == 1;
    }

    private boolean isWaitedFor() {
        return state == State.WAIT_RESP && transmissions > 0;
    }

    void askNow(MonoTime now) {
        recovery = Optional.empty();
        state = State.WAIT_RESP;
        transmissions = 0;
        pause = Optional.empty();
        window = Window.at(now);
    }

    /** A request leaves. */
    void asks(Optional<Held> held, MonoTime now) {
        recovery.ifPresent(it -> it.asks(now));
        recovery = Optional.empty();
        switch (state) {
            case MAPPED, REFRESHING -> renew(held, now);
            case WAIT_RESP -> repeat(now);
            case NOT_SENT, ERROR_WAIT_RESEND -> begin(now);
        }
        lastSent = now;
    }

    private void renew(Optional<Held> held, MonoTime now) {
        if (held.isEmpty()) {
            begin(now);
            return;
        }
        state = State.REFRESHING;
        renewals++;
        window = Window.ofRenewal(renewals + 1, held.get(), now, now);
    }

    private void repeat(MonoTime now) {
        if (transmissions == 0 || now.equals(ended)) {
            begin(now);
            return;
        }
        var last = lastSent.until(now);
        transmissions++;
        if (reprobedAt.equals(Optional.of(lastSent))) {
            window = Window.afterAnother(now, last).or(Window.afterAnother(now, FIRST_PAUSE));
            pause = Optional.empty();
            return;
        }
        isLeftToChance(last, pause);
        pause = Optional.of(last);
        window = Window.afterAnother(now, last);
    }

    /** Clients that were started together must not ask together for ever. */
    private static void isLeftToChance(Duration last, Optional<Duration> before) {
        var exact = before.map(it -> it.multipliedBy(2)).orElse(FIRST_PAUSE);
        if (last.equals(exact)) {
            throw new InvariantBroken("chance", "a retransmission after exactly " + last);
        }
    }

    private void begin(MonoTime now) {
        state = State.WAIT_RESP;
        transmissions = 1;
        pause = Optional.empty();
        window = Window.afterFirst(now);
    }

    void hold(Held grant, MonoTime now) {
        recovery = Optional.empty();
        state = State.MAPPED;
        renewals = 0;
        window = Window.ofRenewal(1, grant, lastSent, now);
    }

    void refused(Lifetime errorLifetime, MonoTime now) {
        state = State.ERROR_WAIT_RESEND;
        recovery = Optional.empty();
        window = Window.at(now.plus(holdOf(errorLifetime)));
    }

    /** {@return how long an error is to be believed} */
    static Duration holdOf(Lifetime errorLifetime) {
        var asSaid = Duration.ofSeconds(errorLifetime.seconds());
        var atLeast = asSaid.compareTo(SHORTEST_ERROR) < 0 ? SHORTEST_ERROR : asSaid;
        return atLeast.compareTo(LONGEST_ERROR) > 0 ? LONGEST_ERROR : atLeast;
    }

    /** It was due, and the server is to be spared. */
    void spare(Window until) {
        if (state != State.NOT_SENT) {
            state = State.ERROR_WAIT_RESEND;
        }
        recovery = Optional.empty();
        window = until;
    }

    /** It was wanted just now for the first time. */
    void spareNew(Window until) {
        state = State.NOT_SENT;
        spare(until);
    }

    /** What was there is lost; what is asked for already is not asked for again. */
    void recover(Recovery after) {
        if (!isWaitedFor()) {
            startAnew(after);
        }
    }

    void startAnew(Recovery pace) {
        state = State.NOT_SENT;
        recovery = Optional.of(pace);
        window = pace.window();
    }

    /** Whoever waits may be heard now: it asks again, three seconds after it did or later, one after the other of {@code mappings}. */
    void reprobe(MonoTime now, int mappings) {
        if (isWaitedFor()) {
            var earliest = now.later(lastSent.plus(FIRST_PAUSE));
            var latest = now.plus(FIRST_PAUSE).plus(Recovery.DISTANCE.multipliedBy(2L * mappings));
            window = window.notAfter(new Window(earliest, latest));
            reprobedAt = Optional.of(lastSent);
        }
    }

    /** What was held has ended; the last renewal counts as the first request for it, if it is too soon for another. */
    void ends(MonoTime now) {
        var next = Window.afterFirst(lastSent);
        if (state == State.REFRESHING && next.latest().isAfter(now)) {
            state = State.WAIT_RESP;
            transmissions = 1;
            pause = Optional.empty();
            window = new Window(next.earliest().later(now), next.latest());
            ended = now;
        }
    }

    @Override
    public String toString() {
        return state + " " + window;
    }
}
