package io.portreeve.client.worlds.checker;

import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingKey;
import io.portreeve.client.worlds.checker.Schedule.State;
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

/** One mapping of the client as the RFC has it: what is wanted, what is held, and what the server knows of it, may know, or refuses. */
final class Watch {
    private static final String NOBODY = "";
    private static final Duration LONGEST_WAY = Duration.ofMinutes(1);

    final MappingKey key;
    String owner;
    Optional<MappingNonce> nonce = Optional.empty();
    Optional<Wish> wish;
    Optional<Endpoint> external = Optional.empty();

    /** Where the server cannot provide the one port that will do. */
    private Optional<PcpAddress> refusedAt = Optional.empty();

    Optional<Held> held = Optional.empty();
    final Schedule schedule;

    /** When what belongs on the disk was last another. */
    MonoTime changed;

    /** When the server has forgotten it by itself. */
    private MonoTime knownUntil = MonoTime.START;

    private Watch(MappingKey key, String owner, Optional<Wish> wish, Schedule schedule, MonoTime changed) {
        this.key = key;
        this.owner = owner;
        this.wish = wish;
        this.schedule = schedule;
        this.changed = changed;
    }

    /** An application wants what nobody wanted before. */
    static Watch wanted(MappingKey key, String owner, Wish wish, MonoTime now) {
        return new Watch(key, owner, Optional.of(wish), Schedule.due(now), now);
    }

    static Watch restored(StoredRow row, Instant wall, Recovery restart, MonoTime now) {
        var watch = new Watch(row.key(), row.owner(), row.wish(), Schedule.restored(now), now);
        watch.nonce = Optional.of(row.nonce());
        watch.external = row.external();
        watch.knownUntil = now.plus(row.known().at(wall));
        row.wish().ifPresent(_ -> watch.mayBeGranted(now)); // the last request is on no disk
        var left = row.wish()
                .map(wish -> Duration.ofSeconds(wish.lifetime().seconds()))
                .filter(asked -> asked.compareTo(row.left().at(wall)) < 0)
                .orElse(row.left().at(wall)); // the last request may have been granted
        if (row.wish().isPresent() && row.external().isPresent() && left.isPositive()) {
            watch.hold(new Held(row.external().get(), now, left), now);
        } else {
            watch.recover(restart);
        }
        return watch;
    }

    /** {@return what a server has from an earlier run} Nobody is known to want it; when its time is over it is deleted. */
    static Watch left(MappingKey key, MappingNonce nonce, Endpoint external, MonoTime end, MonoTime due, MonoTime now) {
        var watch = new Watch(key, NOBODY, Optional.empty(), Schedule.notBefore(due), now);
        watch.nonce = Optional.of(nonce);
        watch.external = Optional.of(external);
        watch.knownUntil = end;
        return watch;
    }

    /** An earlier run found it there already; whoever wants it has time once more. */
    void mayBeClaimedUntil(MonoTime then) {
        if (isUnclaimed()) {
            schedule.spare(Window.at(then));
        }
    }

    private boolean isUnclaimed() {
        return owner.equals(NOBODY) && schedule.state() == State.NOT_SENT;
    }

    /** {@return what the server is to know it by, if it was ever asked for} */
    Optional<Name> name() {
        return nonce.map(it -> new Name(key, it));
    }

    boolean isOf(String who) {
        return owner.equals(who) || owner.equals(NOBODY);
    }

    boolean isWanted() {
        return wish.isPresent();
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
        schedule.askNow(now);
    }

    /** A request leaves. */
    void asks(MapRequest request, PcpAddress source, MonoTime now) {
        if (!schedule.window().contains(now)) {
            throw new InvariantBroken("schedule", this + " is asked for at " + now);
        }
        if (nonce.isEmpty()) {
            nonce = Optional.of(request.nonce());
        }
        var expected = demand().request(nonce.orElseThrow(), source);
        if (!expected.equals(request)) {
            throw new InvariantBroken("request", "sent: " + request + ", expected: " + expected);
        }
        schedule.asks(held, now);
        mayBeGranted(now);
    }

    private Demand demand() {
        return new Demand(key, wish, external, refusedAt);
    }

    /** {@return true if {@code response} is to be adopted} RFC 6887 section 13.2. */
    boolean adopts(MapResponse response) {
        return Demand.isSense(response) && (demand().isMetBy(response) || schedule.state() != State.WAIT_RESP);
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
                && schedule.state() != State.NOT_SENT
                && demand().isExact()
                && !response.assignedAddress().isUnspecified()
                && demand().suggested().equals(endpoint(response));
    }

    /** {@return true if {@code response} may refuse what was refused before, and not what was asked for since} */
    boolean isSaidAgain(MapResponse response) {
        return cannotBeProvided(response)
                && refusedAt.equals(Optional.of(response.assignedAddress()))
                && schedule.mayHearOfRefusalAgain();
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
        hold(Held.of(endpoint, lifetime, now), now);
    }

    private void hold(Held grant, MonoTime now) {
        held = Optional.of(grant);
        schedule.hold(grant, now);
    }

    /** The server has lost its state. */
    void recover(Recovery after) {
        held = Optional.empty();
        schedule.recover(after);
    }

    /** The client is known by another address, at which the server has nothing for it, as far as it knows. */
    void startAnew(Recovery pace) {
        if (isUnclaimed()) {
            return;
        }
        held = Optional.empty();
        schedule.startAnew(pace);
    }

    /** {@return true if what was held has just ended} */
    boolean ends(MonoTime now) {
        boolean over = held.isPresent() && !now.isBefore(held.get().expiry());
        if (over) {
            held = Optional.empty();
            schedule.ends(now);
        }
        return over;
    }

    @Override
    public String toString() {
        return key + " " + schedule;
    }
}
