package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.PeerResponse;
import io.portreeve.worlds.InvariantBroken;
import io.portreeve.worlds.Station;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * PEER: what was promised of a flow is kept as long as was said, and no flow has a port that leads to another host, be it by a
 * MAP or by a PEER. RFC 6887 section 12.
 */
final class PeerWatch {
    private static final Duration ROUNDING = Duration.ofMillis(10);

    /** @param isOwn false if the flow has the port of its host's explicit mapping, and its filter */
    private record Promise(MappingNonce nonce, Station external, MonoTime until, boolean isOwn) {}

    private final Dumps dumps;
    private final Rules rules;
    private final Map<Peer, Promise> promises = new LinkedHashMap<>();
    private final Set<Who> asked = new HashSet<>();

    PeerWatch(Dumps dumps, Rules rules) {
        this.dumps = dumps;
        this.rules = rules;
    }

    /** The CGN may have a flow of this host since then. */
    void asked(Peer peer) {
        asked.add(peer.who());
    }

    boolean mayHaveTraffic(Who who) {
        return asked.contains(who);
    }

    static Peer peer(PcpAddress subscriber, PeerRequest request) {
        var who = new Who(subscriber, request.protocol(), request.internalAddress(), request.internalPort());
        return new Peer(who, new Station(request.remoteAddress(), request.remotePort()));
    }

    /** @param rows what was on the disk before this batch */
    void granted(Peer peer, PeerResponse answer, Map<Who, DiskRow> rows) {
        var external = new Station(answer.assignedAddress(), answer.assignedPort());
        var until = dumps.now().plus(Duration.ofSeconds(answer.lifetime().seconds() - 1)); // it is rounded up
        boolean isOwn = !rules.isOfPool(external) && !isOfMapping(peer.who(), external, rows);
        var promise = new Promise(answer.nonce(), external, until, isOwn);
        checkOwner(peer, promise);
        var before = promises.put(peer, promise);
        if (before != null && isFirm(before) && !before.nonce().equals(promise.nonce())) {
            throw new InvariantBroken("I8", "a stranger is granted " + peer);
        }
        if (isOwn) {
            checkStored(peer, promise);
            check(peer, promise);
        }
    }

    /** A mapping may have the port that its host's traffic had before, and be deleted in the same moment. */
    private boolean isOfMapping(Who who, Station external, Map<Who, DiskRow> rows) {
        return dumps.cgn().contains(new CgnRow(who, external))
                || rows.containsKey(who) && rows.get(who).external().equals(external);
    }

    /** No explicit mapping of another host has this port. */
    private void checkOwner(Peer peer, Promise promise) {
        for (var row : dumps.cgn()) {
            boolean isOnIt = row.external().equals(promise.external())
                    && row.who().protocol().equals(peer.who().protocol());
            if (isOnIt && !row.who().equals(peer.who())) {
                throw new InvariantBroken("peer", peer + " is granted " + promise.external() + " of " + row);
            }
        }
    }

    private void checkStored(Peer peer, Promise promise) {
        var stored = dumps.peers().get(peer);
        if (stored == null || stored.plus(ROUNDING).isBefore(promise.until())) {
            throw new InvariantBroken("I2", peer + " is granted " + promise + "; on the disk it ends " + stored);
        }
    }

    private boolean isFirm(Promise promise) {
        return promise.until().isAfter(dumps.now().plus(ROUNDING));
    }

    void checkAll() {
        if (promises.isEmpty()) {
            return;
        }
        promises.values().removeIf(promise -> !isFirm(promise));
        promises.forEach((peer, promise) -> {
            if (promise.isOwn()) {
                check(peer, promise);
            }
        });
    }

    private void check(Peer peer, Promise promise) {
        var reached = dumps.reached(peer.who().protocol(), peer.remote(), promise.external());
        if (!reached.equals(Optional.of(peer.who()))) {
            throw new InvariantBroken("peer", peer + " has " + promise + ", and there comes in " + reached);
        }
    }

    /** What the CGN made by itself nobody can bring back. */
    void forgetAll() {
        promises.clear();
    }

    void forget(Predicate<PcpAddress> subscribers) {
        promises.keySet().removeIf(peer -> subscribers.test(peer.who().subscriber()));
    }

    /** {@return true if the disk says that a flow is promised beyond {@code time}} */
    boolean areAnyBeyond(MonoTime time) {
        return dumps.peers().values().stream().anyMatch(until -> until.isAfter(time));
    }
}
