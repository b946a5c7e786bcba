package io.portreeve.igd.worlds.checker;

import io.portreeve.client.MappingKey;
import io.portreeve.igd.iwf.PortMappingKey;
import io.portreeve.pcp.MonoTime;
import io.portreeve.worlds.InvariantBroken;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** What hosts were told they have, and have neither given back since nor lost at the provider. */
final class Promises {
    /** So long may it take to end what has ended: PCP is waited for 3 s, and the kernel and the disk are there. */
    private static final Duration ENDING = Duration.ofMinutes(1);

    private final Dumps dumps;
    private final Map<PortMappingKey, Promise> all = new LinkedHashMap<>();

    Promises(Dumps dumps) {
        this.dumps = dumps;
    }

    void make(Promise promise) {
        all.put(promise.key(), promise);
    }

    Optional<Promise> of(PortMappingKey key) {
        return Optional.ofNullable(all.get(key));
    }

    Collection<Promise> all() {
        return all.values();
    }

    /** What {@code released} says is not promised any more. */
    void release(Predicate<Promise> released) {
        all.values().removeIf(released);
    }

    /** The provider does not serve {@code inside} any more, or not as it was asked to. */
    void lost(MappingKey inside) {
        release(promise -> promise.row().inside().equals(inside));
    }

    void clear() {
        all.clear();
    }

    /** What was promised is on the disk, until its lease ends. */
    void checkDisk() {
        release(promise -> !dumps.time().isBefore(promise.earliest()) && isGone(promise));
        for (var promise : all.values()) {
            if (isGone(promise)) {
                throw new InvariantBroken("promise", promise + " is not stored any more");
            }
        }
    }

    private boolean isGone(Promise promise) {
        return dumps.rows().stream().noneMatch(promise::isKeptBy);
    }

    /** What was promised is led to its host, until its lease ends. */
    void checkNat() {
        if (!dumps.translates() || !dumps.isRunning()) {
            return;
        }
        for (var promise : all.values()) {
            boolean lasts = dumps.time().isBefore(promise.earliest());
            if (lasts && !dumps.natRules().contains(promise.row().rule())) {
                throw new InvariantBroken("promise", promise + " leads nowhere any more");
            }
        }
    }

    /** {@return true if the gateway has had the time to end what has ended} */
    boolean isSettled() {
        var since = dumps.wellSince();
        return !since.equals(MonoTime.NEVER) && !dumps.time().isBefore(since.plus(ENDING));
    }

    /** What has ended is gone. */
    void checkLeases() {
        if (!isSettled()) {
            return;
        }
        for (var promise : all.values()) {
            boolean ends = !promise.latest().equals(MonoTime.NEVER);
            if (ends && dumps.time().isAfter(promise.latest().plus(ENDING))) {
                throw new InvariantBroken("lease", promise + " is still there");
            }
        }
        long wall = dumps.wall().minus(ENDING).toEpochMilli();
        for (var row : dumps.rows()) {
            if (row.leaseSeconds() != 0 && row.leaseEnd() < wall) {
                throw new InvariantBroken("lease", row + " is still stored");
            }
        }
    }
}
