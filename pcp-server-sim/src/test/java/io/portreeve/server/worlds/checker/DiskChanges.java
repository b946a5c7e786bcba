package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.worlds.InvariantBroken;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * I8: a row changes by a request of its owner only, or because its time is over, its subscriber was deleted, or the CGN did not
 * take it back. And I1: no two rows have one external port.
 */
final class DiskChanges {
    private static final Duration ROUNDING = Duration.ofMillis(10);

    private final Dumps dumps;

    private final PortDelays delays;

    /** Rows of subscribers that the administration deleted, and when it did. */
    private final Map<Who, MonoTime> condemned = new HashMap<>();

    /** What the CGN refused to take back in this start. */
    private final Set<Who> refused = new HashSet<>();

    private Map<Who, DiskRow> before = Map.of();

    DiskChanges(Dumps dumps, PortDelays delays) {
        this.dumps = dumps;
        this.delays = delays;
    }

    /** {@return the rows as they were at the last look} */
    Map<Who, DiskRow> before() {
        return before;
    }

    Set<Who> refused() {
        return refused;
    }

    void subscriberDeleted(PcpAddress subscriber) {
        dumps.disk().keySet().stream()
                .filter(who -> who.subscriber().equals(subscriber))
                .forEach(who -> condemned.put(who, dumps.now()));
    }

    void refusedAtStart(Who who) {
        refused.add(who);
    }

    void refusedAtStart(PcpAddress subscriber) {
        dumps.disk().keySet().stream()
                .filter(who -> who.subscriber().equals(subscriber))
                .forEach(refused::add);
    }

    void starting() {
        accept();
        refused.clear();
    }

    /** Takes the disk as it is: files were removed, or clocks changed what an expiry means. */
    void accept() {
        before = new LinkedHashMap<>(dumps.disk());
        condemned.keySet().retainAll(before.keySet());
    }

    /** {@return whose row was lost in this start, because the CGN refused it} */
    Set<Who> lookAtStart() {
        var old = before;
        var gone = look(List.of(), true);
        gone.removeIf(who -> !refused.contains(who) || dumps.disk().containsKey(who) || isOver(old.get(who)));
        return gone;
    }

    /**
     * {@return whose row changed since the last look}
     *
     * @param requests that were under way since then
     */
    Set<Who> look(Collection<Request> requests) {
        return look(requests, false);
    }

    private Set<Who> look(Collection<Request> requests, boolean starting) {
        var after = dumps.disk();
        var changed = new LinkedHashSet<Who>();
        for (var row : before.values()) {
            var now = after.get(row.who());
            if (!row.equals(now)) {
                changed.add(row.who());
                checkChange(row, now, requests, starting);
            }
        }
        for (var row : after.values()) {
            if (!before.containsKey(row.who())) {
                changed.add(row.who());
                checkAdded(row, requests);
            }
        }
        checkUnique(after);
        before = new LinkedHashMap<>(after);
        return changed;
    }

    private void checkChange(DiskRow row, DiskRow now, Collection<Request> requests, boolean starting) {
        boolean isSame =
                now != null && row.nonce().equals(now.nonce()) && row.external().equals(now.external());
        if (!isSame) {
            checkRemoved(row, requests);
        }
        if (isSame
                && !starting
                && !hasAsked(row.who(), row.nonce(), requests)
                && !isClose(row.expiry(), now.expiry())) {
            throw new InvariantBroken("I8", "nobody asked for the change from " + row + " to " + now);
        }
        if (now != null && !isSame) {
            checkAdded(now, requests);
        }
    }

    private static boolean isClose(MonoTime one, MonoTime other) {
        return one.until(other).abs().compareTo(ROUNDING) < 0;
    }

    private void checkRemoved(DiskRow row, Collection<Request> requests) {
        boolean isDeleted = requests.stream()
                .anyMatch(it -> it.deletes()
                        && it.who().equals(row.who())
                        && it.map().nonce().equals(row.nonce()));
        var condemnation = Optional.ofNullable(condemned.remove(row.who()));
        if (!isDeleted && condemnation.isEmpty() && !refused.contains(row.who()) && !isOver(row)) {
            throw new InvariantBroken("I8", "nobody ended " + row);
        }
        delays.ended(row, condemnation.orElse(dumps.now()).earlier(row.expiry()));
    }

    private boolean isOver(DiskRow row) {
        return row.isOver(dumps.now().plus(ROUNDING));
    }

    private void checkAdded(DiskRow row, Collection<Request> requests) {
        if (!hasAsked(row.who(), row.nonce(), requests)) {
            throw new InvariantBroken("I8", "nobody asked for " + row);
        }
        delays.taken(new CgnRow(row.who(), row.external()));
    }

    private static boolean hasAsked(Who who, MappingNonce nonce, Collection<Request> requests) {
        return requests.stream()
                .anyMatch(it -> !it.deletes()
                        && it.who().equals(who)
                        && it.map().nonce().equals(nonce));
    }

    private static void checkUnique(Map<Who, DiskRow> rows) {
        var seen = new HashSet<List<Object>>();
        for (var row : rows.values()) {
            if (!seen.add(List.of(row.who().protocol(), row.external()))) {
                throw new InvariantBroken("I1", "on the disk twice: " + row.external());
            }
        }
    }
}
