package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.worlds.InvariantBroken;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What the operator did to mappings, and what may come of it. */
final class Operations {
    private final Dumps dumps;

    /** Rows that the operator ended, and when. */
    private final Map<Who, MonoTime> ended = new HashMap<>();

    /** Rows that must go because everything was cleared. */
    private final Map<Who, DiskRow> cleared = new HashMap<>();

    /** The external addresses that subscribers are moved to, and what they had before. */
    private final Map<PcpAddress, Set<PcpAddress>> moves = new HashMap<>();

    private final Map<Who, DiskRow> moved = new HashMap<>();

    /** Those of whose end, or move, the server hears in this batch. */
    private final Set<PcpAddress> justDeleted = new HashSet<>();

    /** What needs no client. */
    private final Set<CgnRow> statics = new HashSet<>();

    Operations(Dumps dumps) {
        this.dumps = dumps;
    }

    private void end(Predicate<DiskRow> which) {
        dumps.disk().values().stream().filter(which).forEach(row -> ended.put(row.who(), dumps.now()));
    }

    void deletes(PcpAddress subscriber) {
        moves.remove(subscriber);
        justDeleted.add(subscriber);
        end(row -> row.who().subscriber().equals(subscriber));
    }

    void moves(PcpAddress subscriber, PcpAddress external) {
        justDeleted.add(subscriber);
        end(row -> row.who().subscriber().equals(subscriber));
        moves.computeIfAbsent(subscriber, _ -> new HashSet<>()).add(external);
        dumps.disk().values().stream()
                .filter(row -> row.who().subscriber().equals(subscriber))
                .forEach(row -> moved.put(row.who(), row));
    }

    /** @param concerned whose subscriber is */
    void clears(Predicate<PcpAddress> concerned) {
        Predicate<DiskRow> its =
                row -> row.maker() != Maker.OPERATOR && concerned.test(row.who().subscriber());
        end(its);
        dumps.disk().values().stream().filter(its).forEach(row -> cleared.put(row.who(), row));
    }

    void adds(CgnRow row) {
        statics.add(row);
    }

    /** The server starts with what is on the disk, whatever became of the operator's words. */
    void accept(Map<Who, DiskRow> disk) {
        ended.keySet().retainAll(disk.keySet());
        cleared.clear();
    }

    void batchDone() {
        justDeleted.clear();
    }

    /** {@return true if what {@code subscriber} is told now was decided before it was deleted or moved} */
    boolean isJustDeleted(PcpAddress subscriber) {
        return justDeleted.contains(subscriber);
    }

    boolean hasEnded(Who who) {
        return ended.containsKey(who);
    }

    /** {@return when the operator ended this one's row} It is told once. */
    Optional<MonoTime> endOf(Who who) {
        return Optional.ofNullable(ended.remove(who));
    }

    boolean moves(Who who) {
        return hasMoved(who.subscriber());
    }

    /** {@return true if it may have another external address than the disk says} */
    boolean hasMoved(PcpAddress subscriber) {
        return moves.containsKey(subscriber);
    }

    boolean isMoved(DiskRow row, DiskRow now) {
        return row.maker() == now.maker()
                && row.nonce().equals(now.nonce())
                && row.ports().equals(now.ports())
                && moves.getOrDefault(now.who().subscriber(), Set.of())
                        .contains(now.external().address());
    }

    /** {@return true if {@code row} needs no client, or had one before its subscriber moved} */
    boolean hasMade(DiskRow row) {
        var before = moved.get(row.who());
        boolean isStatic = statics.contains(new CgnRow(row.who(), row.external())) || moves(row.who());
        return row.maker() == Maker.OPERATOR && isStatic || before != null && isMoved(before, row);
    }

    /** Nothing was wrong for a while: what was to go has gone. */
    void checkCleared() {
        for (var row : cleared.values()) {
            if (row.equals(dumps.disk().get(row.who()))) {
                throw new InvariantBroken("clear", "cleared, and still on the disk: " + row);
            }
        }
        cleared.clear();
    }
}
