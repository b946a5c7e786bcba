package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.worlds.InvariantBroken;
import io.portreeve.worlds.Station;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** I2: what was answered with SUCCESS is on the disk and in force for as long as the answer said. */
final class Promises {

    /** A wall clock in milliseconds carries an expiry over a reboot. */
    private static final Duration ROUNDING = Duration.ofMillis(10);

    /** A renewal lets a mapping live this long at least, if it asks for so much. */
    private static final long LEAST_SECONDS = 120;

    private static final class Promise {
        final MappingNonce nonce;
        final Station external;
        final MonoTime made;
        private MonoTime until;

        /** Requests of the owner on which work may be under way: to end it, or to let it end earlier. */
        private final Map<Long, MonoTime> endings = new HashMap<>();

        Promise(MappingNonce nonce, Station external, MonoTime made, MonoTime until) {
            this.nonce = nonce;
            this.external = external;
            this.made = made;
            this.until = until;
        }

        MonoTime surelyUntil() {
            return endings.values().stream().reduce(until, MonoTime::earlier);
        }

        boolean isFirm(MonoTime now) {
            return surelyUntil().isAfter(now.plus(ROUNDING));
        }
    }

    private final Dumps dumps;
    private final Map<Who, Promise> promises = new LinkedHashMap<>();

    Promises(Dumps dumps) {
        this.dumps = dumps;
    }

    Set<Who> all() {
        return Set.copyOf(promises.keySet());
    }

    void asked(long id, Request request) {
        var promise = promises.get(request.who());
        if (promise != null && request.map().nonce().equals(promise.nonce)) {
            long seconds = Math.min(request.map().lifetime().seconds(), LEAST_SECONDS);
            promise.endings.put(id, request.came().plus(Duration.ofSeconds(seconds)));
        }
    }

    /** The request with this id changes nothing any more. */
    void settled(long id, Request request) {
        var promise = promises.get(request.who());
        if (promise != null) {
            promise.endings.remove(id);
        }
    }

    /** @param waiting those that wait for their answer: the owner may have changed his mind already */
    void granted(Request request, MapResponse answer, Map<Long, Request> waiting) {
        var now = dumps.now();
        var who = request.who();
        var promise = new Promise(
                request.map().nonce(),
                new Station(answer.assignedAddress(), answer.assignedPort()),
                now,
                now.plus(Duration.ofSeconds(answer.lifetime().seconds())));
        var before = promises.put(who, promise);
        waiting.forEach(this::asked);
        if (before != null && before.isFirm(now) && !before.nonce.equals(promise.nonce)) {
            throw new InvariantBroken("I8", "a stranger is granted " + who);
        }
        if (before != null && before.isFirm(now) && !before.external.equals(promise.external)) {
            throw new InvariantBroken("I2", who + " moves from " + before.external + " to " + promise.external);
        }
        checkUnique(who, promise);
        check(who, true);
    }

    private void checkUnique(Who who, Promise promise) {
        promises.forEach((other, its) -> {
            boolean isSame = its.external.equals(promise.external)
                    && other.protocol().equals(who.protocol())
                    && !other.equals(who);
            if (isSame && its.isFirm(dumps.now())) {
                throw new InvariantBroken("I1", promise.external + " is promised to " + other + " and to " + who);
            }
        });
    }

    /** @param othersWait whether more requests for it are under way, which may have made it again */
    void deleted(Request request, boolean othersWait) {
        var who = request.who();
        var promise = promises.get(who);
        if (promise != null
                && promise.isFirm(dumps.now())
                && !promise.nonce.equals(request.map().nonce())) {
            throw new InvariantBroken("I8", "a stranger deletes " + who);
        }
        promises.remove(who);
        if (othersWait) {
            return;
        }
        var stored = dumps.disk().get(who);
        if (stored != null && !stored.isOver(dumps.now())) {
            throw new InvariantBroken("I2", "deleted, and still on the disk: " + who);
        }
        if (inForce(who) != null) {
            throw new InvariantBroken("I2", "deleted, and still in force: " + who);
        }
    }

    /** Checks {@code who}, as far as anything was promised. */
    void check(Who who, boolean serverIsUp) {
        var promise = promises.get(who);
        if (promise == null || !promise.isFirm(dumps.now())) {
            return;
        }
        var stored = dumps.disk().get(who);
        if (stored == null
                || !stored.nonce().equals(promise.nonce)
                || !stored.external().equals(promise.external)
                || stored.expiry().plus(ROUNDING).isBefore(promise.surelyUntil())) {
            throw new InvariantBroken(
                    "I2", who + " has " + promise.external + " until " + promise.until + "; on the disk is " + stored);
        }
        if (serverIsUp && !promise.external.equals(inForce(who))) {
            throw new InvariantBroken("I2", who + " has " + promise.external + "; in force is " + inForce(who));
        }
    }

    private Station inForce(Who who) {
        for (var row : dumps.cgn()) {
            if (row.who().equals(who)) {
                return row.external();
            }
        }
        return null;
    }

    /** What the owner wanted to end may have ended, and nobody was told. */
    void serverDied() {
        promises.values().forEach(promise -> {
            promise.until = promise.surelyUntil();
            promise.endings.clear();
        });
    }

    void forget(Who who) {
        promises.remove(who);
    }

    void forget(PcpAddress subscriber) {
        promises.keySet().removeIf(who -> who.subscriber().equals(subscriber));
    }

    void forgetAll() {
        promises.clear();
    }

    /** Nothing that was promised before says when it ends. */
    void forgetMadeBefore(MonoTime time) {
        promises.values().removeIf(promise -> !promise.made.isAfter(time));
    }
}
