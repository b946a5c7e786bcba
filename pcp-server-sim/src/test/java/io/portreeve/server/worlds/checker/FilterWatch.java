package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.worlds.InvariantBroken;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whom a mapping lets in: those that the last FILTER says, on the disk and in force. RFC 6887 section 13.3. */
final class FilterWatch {
    private final Dumps dumps;
    private final Rules rules;
    private final Map<Who, Optional<Filter>> doubtful = new HashMap<>();

    /** Those for whom the CGN has taken no filter since. */
    private final Set<Who> refused = new HashSet<>();

    FilterWatch(Dumps dumps, Rules rules) {
        this.dumps = dumps;
        this.rules = rules;
    }

    /** The CGN refuses a filter for {@code who}: until it has another one, nobody knows which is in force. */
    void refused(Who who) {
        var row = dumps.disk().get(who);
        if (row != null) {
            row.ports().each().forEach(port -> {
                doubtful.put(port, row.filter());
                refused.add(port);
            });
        }
    }

    /** The CGN does what it is asked for {@code who}. */
    void taken(Who who) {
        refused.remove(who);
    }

    /** All filters are made anew. */
    void starting() {
        doubtful.clear();
        refused.clear();
    }

    boolean isDoubtful(DiskRow row) {
        return refused.contains(row.who()) || row.filter().equals(doubtful.get(row.who()));
    }

    /** Checks that packets through {@code row} fare as it says. */
    void check(DiskRow row) {
        if (isDoubtful(row)) {
            return;
        }
        for (var remote : rules.remotes()) {
            var expected = row.admits(remote) ? Optional.of(row.who()) : Optional.<Who>empty();
            var reached = dumps.reached(row.who().protocol(), remote, row.external());
            if (!reached.equals(expected) && !isByTraffic(row, reached)) {
                throw new InvariantBroken("filter", "from " + remote + " through " + row + " comes " + reached);
            }
        }
    }

    /** Checks what {@code request} made, if nobody else has changed it since. */
    void checkGranted(Request request, Grant grant) {
        var row = dumps.disk().get(grant.who());
        if (row == null || row.maker() != request.maker()) {
            return;
        }
        var filters = request.filters();
        var wanted = filters.isEmpty()
                ? row.filter()
                : Optional.of(filters.getLast()).filter(it -> !it.isClear());
        if (!row.filter().equals(wanted)) {
            throw new InvariantBroken("filter", "granted was " + wanted + ", on the disk is " + row);
        }
        checkDescription(request, row);
        if (filters.isEmpty() && row.filter().isEmpty()) {
            return;
        }
        for (var who : row.ports().each()) {
            Optional.ofNullable(dumps.disk().get(who)).ifPresent(this::check);
        }
    }

    private static void checkDescription(Request request, DiskRow row) {
        for (var described : request.descriptions()) {
            if (!row.description().equals(described)) {
                throw new InvariantBroken("I2", "granted was '" + described + "', on the disk is " + row);
            }
        }
    }

    /** The host's own traffic has the same port, and answers come in whatever the filter says. */
    private boolean isByTraffic(DiskRow row, Optional<Who> reached) {
        return !rules.isOfPool(row.external()) && reached.equals(Optional.of(row.who()));
    }
}
