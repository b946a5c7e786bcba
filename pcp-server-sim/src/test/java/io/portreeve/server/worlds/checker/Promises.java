package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.Lifetime;
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
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** I2: what was answered with SUCCESS is on the disk and in force for as long as the answer said. */
final class Promises {

    /** A wall clock in milliseconds carries an expiry over a reboot. */
    private static final Duration ROUNDING = Duration.ofMillis(10);

    /** A renewal lets a mapping live this long at least, if it asks for so much. */
    private static final long LEAST_SECONDS = 120;

    /** One port of a mapping. */
    private static final class Promise {
        final Span ports;
        final Maker maker;
        final MappingNonce nonce;
        final Station external;
        final MonoTime made; // and written
        private MonoTime until;

        /** Requests of the owner on which work may be under way: to end it, or to let it end earlier. */
        private final Map<Long, MonoTime> endings = new HashMap<>();

        Promise(Span ports, Grant grant, Station external, MonoTime made, MonoTime said) {
            this.ports = ports;
            maker = grant.maker();
            nonce = grant.nonce();
            this.external = external;
            this.made = made;
            until = said.plus(Duration.ofSeconds(grant.lifetime().seconds()));
        }

        boolean mayBeChangedBy(Request request) {
            return request.concerns(ports) && request.mayChange(maker, nonce);
        }

        MonoTime surelyUntil() {
            var surely = until;
            for (var ending : endings.values()) {
                surely = surely.earlier(ending);
            }
            return surely;
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
        long seconds = Math.min(request.lifetime().seconds(), LEAST_SECONDS);
        for (var promise : promises.values()) {
            if (promise.mayBeChangedBy(request)) {
                promise.endings.put(id, request.came().plus(Duration.ofSeconds(seconds)));
            }
        }
    }

    /** The request with this id changes nothing any more. */
    void settled(long id) {
        promises.values().forEach(promise -> promise.endings.remove(id));
    }

    /** The server says what is there already: a row that is as old as it was. */
    void told(Grant grant, Map<Who, DiskRow> rows, Map<Long, Request> underWay) {
        var before = promises.get(grant.who());
        boolean isKnown = before != null && before.external.equals(grant.external());
        granted(grant, rows, isKnown ? before.made : dumps.now(), underWay);
    }

    /**
     * @param rows what was on the disk before this batch
     * @param underWay requests on which work may be under way: the owner may have changed his mind already
     */
    void granted(Grant grant, Map<Who, DiskRow> rows, Map<Long, Request> underWay) {
        granted(grant, rows, dumps.now(), underWay);
    }

    private void granted(Grant grant, Map<Who, DiskRow> rows, MonoTime made, Map<Long, Request> underWay) {
        var stored = dumps.disk().get(grant.who());
        if (stored != null && stored.maker() == Maker.OPERATOR) {
            checkStatic(grant, stored);
            return;
        }
        if (stored == null && grant.lifetime().equals(Lifetime.INFINITE)) {
            return; // the operator's, which went with its subscriber in the same moment
        }
        var ports = stored == null ? known(grant, rows) : stored.ports();
        for (var who : ports.each()) {
            int port = grant.external().port() + who.port() - grant.who().port();
            var external = new Station(grant.external().address(), port);
            promise(who, new Promise(ports, grant, external, made, dumps.now()));
        }
        underWay.forEach(this::asked);
        ports.each().forEach(who -> check(who, true));
    }

    /** A set can be deleted in the moment in which it was made, or one of its ports renewed. */
    private Span known(Grant grant, Map<Who, DiskRow> rows) {
        var row = rows.get(grant.who());
        if (row != null && !row.isOver(dumps.now()) && row.external().equals(grant.external())) {
            return row.ports();
        }
        var before = promises.get(grant.who());
        boolean isPromised = before != null
                && before.until.isAfter(dumps.now())
                && before.external.equals(grant.external())
                && before.ports.count() > grant.ports().count();
        return isPromised ? before.ports : grant.ports();
    }

    private static void checkStatic(Grant grant, DiskRow stored) {
        if (!stored.external().equals(grant.external())) {
            throw new InvariantBroken("I2", grant + " is told of " + stored);
        }
    }

    private void promise(Who who, Promise promise) {
        var now = dumps.now();
        var before = promises.put(who, promise);
        if (before != null && before.isFirm(now) && !isOfTheSame(before, promise)) {
            throw new InvariantBroken("I8", "a stranger is granted " + who);
        }
        if (before != null && before.isFirm(now) && !before.external.equals(promise.external)) {
            throw new InvariantBroken("I2", who + " moves from " + before.external + " to " + promise.external);
        }
        checkUnique(who, promise);
    }

    private static boolean isOfTheSame(Promise before, Promise promise) {
        return before.maker == Maker.NAT_PMP || before.nonce.equals(promise.nonce);
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
        for (var who : request.ports().each()) {
            var promise = promises.get(who);
            boolean isForeign = promise != null && !promise.mayBeChangedBy(request);
            if (isForeign && request.ports().count() == 1 && promise.isFirm(dumps.now())) {
                throw new InvariantBroken("I8", "a stranger deletes " + who);
            }
        }
        var madeAgain = madeSince(request);
        promises.values().removeIf(promise -> promise.mayBeChangedBy(request));
        if (!othersWait) {
            checkGone(request, madeAgain);
        }
    }

    /** {@return what was answered to somebody who asked later} */
    private Set<Who> madeSince(Request request) {
        return promises.entrySet().stream()
                .filter(entry -> entry.getValue().made.isAfter(request.came()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private void checkGone(Request request, Set<Who> madeAgain) {
        for (var row : dumps.disk().values()) {
            if (request.mayHaveEnded(row) && !row.isOver(dumps.now()) && !madeAgain.contains(row.who())) {
                throw new InvariantBroken("I2", "deleted, and still on the disk: " + row);
            }
        }
    }

    /** Checks that what was deleted, while nothing else was done, lets nobody in. */
    void checkNotInForce(Request request) {
        for (var who : request.ports().each()) {
            if (!dumps.disk().containsKey(who) && inForce(who) != null) {
                throw new InvariantBroken("I2", "deleted, and still in force: " + who);
            }
        }
    }

    /** A request about several mappings may have ended one, although its answer tells of another. */
    void forgetDeleted(Request request) {
        promises.entrySet()
                .removeIf(entry -> entry.getValue().mayBeChangedBy(request)
                        && !dumps.disk().containsKey(entry.getKey()));
    }

    /** Checks what {@code request} is about. */
    void checkAbout(Request request, boolean serverIsUp) {
        for (var who : promises.keySet()) {
            if (request.ports().has(who)) {
                check(who, serverIsUp);
            }
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
                || !isOf(promise, stored)
                || !stored.external().equals(promise.external)
                || stored.expiry().plus(ROUNDING).isBefore(promise.surelyUntil())) {
            throw new InvariantBroken(
                    "I2", who + " has " + promise.external + " until " + promise.until + "; on the disk is " + stored);
        }
        if (serverIsUp && !promise.external.equals(inForce(who))) {
            throw new InvariantBroken("I2", who + " has " + promise.external + "; in force is " + inForce(who));
        }
    }

    private static boolean isOf(Promise promise, DiskRow stored) {
        boolean isTakenOver = promise.maker == Maker.NAT_PMP && stored.maker() == Maker.PCP;
        return isTakenOver || stored.maker() == promise.maker && stored.nonce().equals(promise.nonce);
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

    void forget(Predicate<PcpAddress> subscribers) {
        promises.keySet().removeIf(who -> subscribers.test(who.subscriber()));
    }

    /** Nothing that was promised before says when it ends. */
    void forgetMadeBefore(MonoTime time) {
        promises.values().removeIf(promise -> !promise.made.isAfter(time));
    }
}
