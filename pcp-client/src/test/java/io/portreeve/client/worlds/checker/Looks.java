package io.portreeve.client.worlds.checker;

import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingView;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.worlds.InvariantBroken;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Compares what the client must have with what its table, its disk and its server say. */
final class Looks {
    /** An answer may be this old before the client hears it. */
    private static final Duration ON_THE_WAY = Duration.ofSeconds(15);

    private static final Duration LATEST_ROW = Duration.ofMillis(1001);

    private final Dumps dumps;
    private final Map<MappingKey, Watch> watches;
    private final Beliefs beliefs;
    private final Responses responses;
    private final Supplier<PcpAddress> source;

    /** @param source where the client's requests come from */
    Looks(
            Dumps dumps,
            Map<MappingKey, Watch> watches,
            Beliefs beliefs,
            Responses responses,
            Supplier<PcpAddress> source) {
        this.dumps = dumps;
        this.watches = watches;
        this.beliefs = beliefs;
        this.responses = responses;
        this.source = source;
    }

    /** A nonce that the server knows and the client forgets locks the client out. */
    void mustBeStored(MappingKey key, MapRequest request) {
        var watch = watches.get(key);
        if (watch == null || dumps.isClientDiskBehind()) {
            return;
        }
        var row = dumps.clientDisk().get(key);
        if (row == null || !row.nonce().equals(request.nonce()) || !row.wish().equals(watch.wish)) {
            throw new InvariantBroken("stored", "sent " + request + " with this on the disk: " + row);
        }
    }

    /** Unless a request came late, the server has forgotten {@code name} or is about to. */
    void mustBeGone(Name name) {
        if (!dumps.isServerQuiet() || beliefs.isRevenant(name)) {
            return;
        }
        var soon = dumps.time().plus(ON_THE_WAY);
        for (var row : dumps.server(source.get())) {
            if (Name.of(row, source.get()).equals(name) && row.expiry().isAfter(soon)) {
                throw new InvariantBroken("forgotten", name.key() + " is still at the server: " + row);
            }
        }
    }

    void atTimes() {
        for (var watch : watches.values()) {
            if (watch.schedule.window().latest().isBefore(dumps.uptime())) {
                throw new InvariantBroken("action", "overdue: " + watch);
            }
        }
    }

    void atTable() {
        var listed = dumps.listing().stream().collect(Collectors.toMap(MappingView::key, it -> it));
        for (var watch : watches.values()) {
            var view = listed.remove(watch.key);
            if (watch.isWanted() ? !agree(watch, view) : view != null) {
                throw new InvariantBroken("table", watch + " " + watch.held + " but listed is " + view);
            }
        }
        if (!listed.isEmpty()) {
            throw new InvariantBroken("table", "nobody wants " + listed);
        }
    }

    private boolean agree(Watch watch, MappingView view) {
        var left = watch.held.map(it -> dumps.uptime().until(it.expiry())).orElse(Duration.ZERO);
        return view != null
                && view.owner().equals(watch.owner)
                && (view.state().equals(watch.schedule.state().name()) || mayBePutOff(watch, view.state()))
                && view.external().equals(watch.held.map(Held::external).or(() -> watch.external))
                && view.left().equals(left);
    }

    /** When within its window it came due, and was put off, nobody but the client knows. */
    private boolean mayBePutOff(Watch watch, String state) {
        return state.equals(Schedule.State.ERROR_WAIT_RESEND.name())
                && responses.sparing().windowOfPutOff(watch, dumps.uptime()).isPresent();
    }

    void atDisk() {
        if (dumps.isClientDiskBehind()) {
            return;
        }
        var rows = dumps.clientDisk();
        for (var watch : watches.values()) {
            boolean isNew = watch.changed.plus(LATEST_ROW).isAfter(dumps.uptime());
            if (!isNew && !isStored(watch, rows.get(watch.key))) {
                throw new InvariantBroken("disk", watch + " but on disk is " + rows.get(watch.key));
            }
        }
    }

    private static boolean isStored(Watch watch, StoredRow row) {
        return row != null
                && row.owner().equals(watch.owner)
                && watch.nonce.filter(it -> !it.equals(row.nonce())).isEmpty() // what was never asked for has one, too
                && row.wish().equals(watch.wish)
                && row.external().equals(watch.external);
    }

    /** Whoever waits, waits for the server. */
    void mustBeAskedFor(MappingKey key) {
        var watch = watches.get(key);
        if (watch == null || watch.schedule.state() != Schedule.State.WAIT_RESP && !watch.schedule.isRecovering()) {
            throw new InvariantBroken("ticket", "somebody waits for " + key + ", which is " + watch);
        }
    }

    void atServer() {
        if (!dumps.isServerQuiet()) {
            return;
        }
        var server = dumps.server(source.get());
        for (var watch : watches.values()) {
            if (watch.isWanted()) {
                watch.held.ifPresent(
                        it -> beliefs.look(watch.name().orElseThrow(), it.external(), server, source.get()));
            }
        }
    }

    void bothSides() {
        var server = dumps.server(source.get());
        for (var watch : watches.values()) {
            var external = watch.held.map(Held::external);
            var mine = server.stream()
                    .filter(it -> watch.name().equals(Optional.of(Name.of(it, source.get()))))
                    .toList();
            if (mine.size() != 1 || !Optional.of(mine.getFirst().external()).equals(external)) {
                throw new InvariantBroken("convergence", watch + " holds " + external + ", the server has " + mine);
            }
        }
        if (dumps.clientDisk().size() != watches.size()) {
            throw new InvariantBroken("convergence", watches + " but on disk are " + dumps.clientDisk());
        }
    }

    /** @param used whatever the client called a mapping by */
    void noOrphans(Set<Name> used) {
        for (var row : dumps.server(source.get())) {
            var name = Name.of(row, source.get());
            boolean isWatched =
                    watches.values().stream().anyMatch(it -> it.name().equals(Optional.of(name)));
            if (used.contains(name) && !isWatched && !beliefs.isRevenant(name) && !beliefs.isScattered(name)) {
                throw new InvariantBroken("convergence", "nobody wants any more " + row);
            }
        }
    }
}
