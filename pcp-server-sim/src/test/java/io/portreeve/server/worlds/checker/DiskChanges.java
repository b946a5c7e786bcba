package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.worlds.InvariantBroken;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * I8: a row changes by a request of its owner only, or because its time is over, the operator said so, or the CGN did not take
 * it back. And I1: no two rows have one external port.
 */
final class DiskChanges {
    private static final Duration ROUNDING = Duration.ofMillis(10);

    private final Dumps dumps;

    private final PortDelays delays;
    private final Operations operations;
    private final Predicate<DiskRow> doubtful;

    /** What the CGN refused to take back in this start. */
    private final Set<Who> refused = new HashSet<>();

    private Map<Who, DiskRow> before = Map.of();

    /** @param doubtful whether nobody knows which filter a row's mapping has */
    DiskChanges(Dumps dumps, PortDelays delays, Operations operations, Predicate<DiskRow> doubtful) {
        this.dumps = dumps;
        this.delays = delays;
        this.operations = operations;
        this.doubtful = doubtful;
    }

    /** {@return the rows as they were at the last look} */
    Map<Who, DiskRow> before() {
        return before;
    }

    Set<Who> refused() {
        return refused;
    }

    /** A mapping is there as a whole or not at all. */
    void refusedAtStart(Who who) {
        refused.addAll(Optional.ofNullable(dumps.disk().get(who))
                .map(row -> row.ports().each())
                .orElse(List.of(who)));
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
        before = dumps.disk();
        operations.accept(before);
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
     * @param requests that were under way since then, and did not fail
     */
    Set<Who> look(Collection<Request> requests) {
        return look(requests, false);
    }

    private Set<Who> look(Collection<Request> requests, boolean starting) {
        var after = dumps.disk();
        var changed = new LinkedHashSet<Who>();
        if (after == before) {
            return changed;
        }
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
        before = after;
        return changed;
    }

    private void checkChange(DiskRow row, DiskRow now, Collection<Request> requests, boolean starting) {
        if (now == null) {
            checkRemoved(row, requests);
        } else if (row.isSameAs(now) || isTakenOver(row, now) || operations.isMoved(row, now)) {
            checkChanged(row, now, requests, starting);
        } else {
            checkRemoved(row, requests);
            checkAdded(now, requests);
        }
    }

    private static boolean isTakenOver(DiskRow row, DiskRow now) {
        return row.maker() == Maker.NAT_PMP
                && now.maker() == Maker.PCP
                && row.external().equals(now.external());
    }

    private void checkChanged(DiskRow row, DiskRow now, Collection<Request> requests, boolean starting) {
        boolean isAsked = anyOf(requests, it -> it.mayHaveMade(now));
        boolean isEqual = row.filter().equals(now.filter()) && row.description().equals(now.description());
        boolean isUntouched =
                isEqual && row.maker() == now.maker() && (starting || isClose(row.expiry(), now.expiry()));
        if (!isAsked && !isUntouched) {
            throw new InvariantBroken("I8", "nobody asked for the change from " + row + " to " + now);
        }
        boolean isFilterAsked =
                anyOf(requests, it -> it.mayHaveMade(now) && !it.filters().isEmpty())
                        || doubtful.test(row)
                        || operations.hasEnded(row.who()); // and it was made again before the disk could forget it
        if (!isFilterAsked && !row.filter().equals(now.filter())) {
            throw new InvariantBroken("I8", "nobody asked for another filter: " + row + ", now " + now);
        }
        if (!row.external().equals(now.external())) {
            delays.mayHaveEnded(new CgnRow(row.who(), row.external()));
            delays.taken(new CgnRow(now.who(), now.external()));
        }
    }

    private static boolean isClose(MonoTime one, MonoTime other) {
        return one.equals(other) || one.until(other).abs().compareTo(ROUNDING) < 0;
    }

    private static boolean anyOf(Collection<Request> requests, Predicate<Request> wanted) {
        return requests.stream().anyMatch(wanted);
    }

    private void checkRemoved(DiskRow row, Collection<Request> requests) {
        boolean isDeleted = anyOf(requests, it -> it.mayHaveEnded(row));
        var end = operations.endOf(row.who());
        if (!isDeleted && end.isEmpty() && !refused.contains(row.who()) && !isOver(row)) {
            throw new InvariantBroken("I8", "nobody ended " + row);
        }
        if (operations.moves(row.who())) {
            delays.mayHaveEnded(new CgnRow(row.who(), row.external()));
        } else {
            delays.ended(row, end.orElse(dumps.now()).earlier(row.expiry()));
        }
    }

    private boolean isOver(DiskRow row) {
        return row.isOver(dumps.now().plus(ROUNDING));
    }

    private void checkAdded(DiskRow row, Collection<Request> requests) {
        if (!anyOf(requests, it -> it.mayHaveMade(row)) && !operations.hasMade(row)) {
            throw new InvariantBroken("I8", "nobody asked for " + row);
        }
        delays.taken(new CgnRow(row.who(), row.external()));
    }

    private static void checkUnique(Map<Who, DiskRow> rows) {
        var seen = new HashMap<Object, DiskRow>();
        for (var row : rows.values()) {
            var twin = seen.put(List.of(row.who().protocol(), row.external()), row);
            if (twin != null) {
                throw new InvariantBroken("I1", "on the disk are both " + twin + " and " + row);
            }
        }
    }
}
