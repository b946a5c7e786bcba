package io.portreeve.client.worlds.checker;

import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingKey;
import io.portreeve.client.worlds.checker.StoredRow.Wish;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.worlds.InvariantBroken;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** One mapping of the client as the RFC has it: in which of its states it is, and when its next request must leave. */
final class Watch {
    private static final String NOBODY = "";
    private static final Duration LONGEST_ERROR = Duration.ofMinutes(30);
    private static final Duration LONGEST_WAY = Duration.ofMinutes(1);
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

    final MappingKey key;
    String owner;
    Optional<MappingNonce> nonce = Optional.empty();
    Optional<Wish> wish;
    Optional<Endpoint> external = Optional.empty();

    /** Where the server cannot provide the one port that will do. */
    private Optional<PcpAddress> refusedAt = Optional.empty();

    Optional<Held> held = Optional.empty();
    Optional<Recovery> recovery = Optional.empty();
    State state = State.WAIT_RESP;
    Window window;

    /** When what belongs on the disk was last another. */
    MonoTime changed;

    /** When the server has forgotten it by itself. */
    private MonoTime knownUntil = MonoTime.START;

    private MonoTime lastSent = MonoTime.START;
    private MonoTime ended = MonoTime.NEVER;
    private Optional<Duration> pause = Optional.empty();
    private Optional<MonoTime> reprobedAt = Optional.empty();
    private int transmissions;
    private int renewals;

    private Watch(MappingKey key, String owner, Optional<Wish> wish, Window window) {
        this.key = key;
        this.owner = owner;
        this.wish = wish;
        this.window = window;
        changed = window.earliest();
    }

    /** An application wants what nobody wanted before. */
    static Watch wanted(MappingKey key, String owner, Wish wish, MonoTime now) {
        return new Watch(key, owner, Optional.of(wish), Window.at(now));
    }

    static Watch restored(StoredRow row, Instant wall, Recovery restart, MonoTime now) {
        var watch = new Watch(row.key(), row.owner(), row.wish(), Window.at(now));
        watch.nonce = Optional.of(row.nonce());
        watch.external = row.external();
        watch.knownUntil = now.plus(row.known().at(wall));
        row.wish().ifPresent(_ -> watch.mayBeGranted(now)); // the last request is on no disk
        watch.lastSent = now;
        var left = row.wish()
                .map(wish -> Duration.ofSeconds(wish.lifetime().seconds()))
                .filter(asked -> asked.compareTo(row.left().at(wall)) < 0)
                .orElse(row.left().at(wall)); // the last request may have been granted
        if (row.wish().isPresent() && row.external().isPresent() && left.isPositive()) {
            watch.hold(new Held(row.external().get(), now, left), now);
        } else {
            watch.recover(restart, now);
        }
        return watch;
    }

    /** {@return what a server has from an earlier run} Nobody is known to want it; when its time is over it is deleted. */
    static Watch left(MappingKey key, MappingNonce nonce, Endpoint external, MonoTime end, MonoTime due, MonoTime now) {
        var watch = new Watch(key, NOBODY, Optional.empty(), Window.at(due));
        watch.nonce = Optional.of(nonce);
        watch.external = Optional.of(external);
        watch.knownUntil = end;
        watch.state = State.NOT_SENT;
        watch.changed = now;
        return watch;
    }

    /** An earlier run found it there already; whoever wants it has time once more. */
    void mayBeClaimedUntil(MonoTime then) {
        if (isUnclaimed()) {
            recovery = Optional.empty();
            window = Window.at(then);
        }
    }

    private boolean isUnclaimed() {
        return owner.equals(NOBODY) && state == State.NOT_SENT;
    }

    /** {@return what the server is to know it by, if it was ever asked for} */
    Optional<Name> name() {
        return nonce.map(it -> new Name(key, it));
    }

    boolean isOf(String who) {
        return owner.equals(who) || owner.equals(NOBODY);
    }

    boolean isHolding() {
        return state == State.MAPPED || state == State.REFRESHING;
    }

    boolean isWanted() {
        return wish.isPresent();
    }

    boolean isRefusedUntilLater(MonoTime now) {
        return state == State.ERROR_WAIT_RESEND && now.isBefore(window.latest());
    }

    /** {@return true if the server may know of it, so that it must be told to delete it} */
    boolean mayBeAtServer(MonoTime now) {
        return knownUntil.isAfter(now);
    }

    /** A request is under way, and will be granted. */
    private void mayBeGranted(MonoTime now) {
        wish.ifPresent(it -> isKnown(it.lifetime(), now.plus(LONGEST_WAY)));
    }

    /** The server says that it has it, for so long. */
    void isKnown(Lifetime lifetime, MonoTime now) {
        knownUntil = knownUntil.later(now.plus(Duration.ofSeconds(lifetime.seconds())));
    }

    void want(Wish another, MonoTime now) {
        external = external.filter(another.external()::isMetBy);
        refusedAt = Optional.empty();
        wish = Optional.of(another);
        askNow(now);
    }

    /** From now on nobody knows what the server still has. */
    void release(MonoTime now) {
        wish = Optional.empty();
        held = Optional.empty();
        askNow(now);
    }

    private void askNow(MonoTime now) {
        changed = now;
        recovery = Optional.empty();
        state = State.WAIT_RESP;
        transmissions = 0;
        pause = Optional.empty();
        window = Window.at(now);
    }

    /** A request leaves. */
    void asks(MapRequest request, PcpAddress source, MonoTime now) {
        if (!window.contains(now)) {
            throw new InvariantBroken("schedule", key + " " + state + " is asked for at " + now + ", not in " + window);
        }
        if (nonce.isEmpty()) {
            nonce = Optional.of(request.nonce());
        }
        var expected = demand().request(nonce.orElseThrow(), source);
        if (!expected.equals(request)) {
            throw new InvariantBroken("request", "sent: " + request + ", expected: " + expected);
        }
        recovery.ifPresent(it -> it.asks(now));
        recovery = Optional.empty();
        switch (state) {
            case MAPPED, REFRESHING -> renew(now);
            case WAIT_RESP -> repeat(now);
            case NOT_SENT, ERROR_WAIT_RESEND -> begin(now);
        }
        mayBeGranted(now);
        lastSent = now;
    }

    private void renew(MonoTime now) {
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

    private Demand demand() {
        return new Demand(key, wish, external, refusedAt);
    }

    /** {@return true if {@code response} is to be adopted} RFC 6887 section 13.2. */
    boolean adopts(MapResponse response) {
        return Demand.isSense(response) && (demand().isMetBy(response) || state != State.WAIT_RESP);
    }

    /** Takes note of what {@code response}, which is not to be adopted, says of the mapping there is. {@return true if that has moved} */
    boolean moves(MapResponse response, MonoTime now) {
        if (!Demand.isSense(response)) {
            return false;
        }
        isKnown(response.lifetime(), now);
        changed = now;
        var before = held.map(Held::external);
        var there = new Endpoint(response.assignedAddress(), response.assignedPort());
        held = held.map(_ -> Held.of(there, response.lifetime(), now));
        return !held.map(Held::external).equals(before);
    }

    /** {@return true if {@code response} says that the endpoint it had cannot be had any more} RFC 6887 section 14.2. */
    boolean isTakenBack(MapResponse response) {
        return held.filter(it -> refusedAt.equals(Optional.of(it.external().address()))
                        || cannotBeProvided(response) && it.external().equals(endpoint(response)))
                .isPresent();
    }

    private static boolean cannotBeProvided(MapResponse response) {
        return response.result() == ResultCode.CANNOT_PROVIDE_EXTERNAL.value();
    }

    private static Endpoint endpoint(MapResponse response) {
        return new Endpoint(response.assignedAddress(), response.assignedPort());
    }

    /** {@return true if {@code response} refuses the one port that will do where it was, and only there} */
    boolean mayBeElsewhere(MapResponse response) {
        return cannotBeProvided(response)
                && state != State.NOT_SENT
                && demand().isExact()
                && !response.assignedAddress().isUnspecified()
                && demand().suggested().equals(endpoint(response));
    }

    /** {@return true if {@code response} may refuse what was refused before, and not what was asked for since} */
    boolean isSaidAgain(MapResponse response) {
        return cannotBeProvided(response)
                && refusedAt.equals(Optional.of(response.assignedAddress()))
                && (state == State.ERROR_WAIT_RESEND || state == State.WAIT_RESP && transmissions == 1);
    }

    /** It is to be asked for at any address, now and once. */
    void askElsewhere(MapResponse refusal, MonoTime now) {
        refusedAt = Optional.of(refusal.assignedAddress());
        askNow(now);
    }

    void granted(Endpoint endpoint, Lifetime lifetime, MonoTime now) {
        changed = now;
        external = Optional.of(endpoint);
        refusedAt = Optional.empty();
        isKnown(lifetime, now);
        recovery = Optional.empty();
        hold(Held.of(endpoint, lifetime, now), now);
    }

    private void hold(Held grant, MonoTime now) {
        held = Optional.of(grant);
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

    /** The server has lost its state. */
    void recover(Recovery after, MonoTime now) {
        held = Optional.empty();
        if (state == State.WAIT_RESP && transmissions > 0) {
            return; // asked for already
        }
        state = State.NOT_SENT;
        recovery = Optional.of(after);
        window = after.window();
    }

    /** The client is known by another address, at which the server has nothing for it, as far as it knows. */
    void startAnew(Recovery pace) {
        if (isUnclaimed()) {
            return;
        }
        held = Optional.empty();
        state = State.NOT_SENT;
        recovery = Optional.of(pace);
        window = pace.window();
    }

    /** Whoever waits may be heard now: it asks again, three seconds after it did or later, one after the other of {@code mappings}. */
    void reprobe(MonoTime now, int mappings) {
        if (state == State.WAIT_RESP && transmissions > 0) {
            var earliest = now.later(lastSent.plus(FIRST_PAUSE));
            var latest = now.plus(FIRST_PAUSE).plus(Recovery.DISTANCE.multipliedBy(2L * mappings));
            window = window.notAfter(new Window(earliest, latest));
            reprobedAt = Optional.of(lastSent);
        }
    }

    /** {@return true if what was held has just ended} */
    boolean ends(MonoTime now) {
        boolean over = held.isPresent() && !now.isBefore(held.get().expiry());
        if (over) {
            held = Optional.empty();
            startAnewAfterRenewal(now);
        }
        return over;
    }

    /** The last renewal counts as the first request for what is lost, if it is too soon for another. */
    private void startAnewAfterRenewal(MonoTime now) {
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
        return key + " " + state + " " + window;
    }
}
