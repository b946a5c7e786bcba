package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.worlds.InvariantBroken;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the operator wanted, and what he was told of it: each time once, and nothing but the truth. */
public final class Orders {

    /** None waits longer, even for a request that waits for a CGN that takes its time. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** @param added empty for a move */
    private record Order(Optional<CgnRow> added, MonoTime since) {}

    private final Dumps dumps;
    private final Map<Long, Order> waiting = new LinkedHashMap<>();

    /** Orders to add what may have gone since, with its subscriber. */
    private final Set<Long> overtaken = new HashSet<>();

    private long last;

    public Orders(Dumps dumps) {
        this.dumps = dumps;
    }

    /** {@return the number of this order} */
    public long adds(CgnRow row) {
        return ordered(Optional.of(row));
    }

    /** {@return the number of this order} */
    public long moves() {
        return ordered(Optional.empty());
    }

    private long ordered(Optional<CgnRow> added) {
        waiting.put(++last, new Order(added, dumps.now()));
        return last;
    }

    /** Nobody answers any more. */
    public void serverDied() {
        waiting.clear();
        overtaken.clear();
    }

    /** All that this subscriber has goes, or moves. */
    public void loses(PcpAddress subscriber) {
        waiting.forEach((id, order) -> order.added()
                .filter(row -> row.who().subscriber().equals(subscriber))
                .ifPresent(_ -> overtaken.add(id)));
    }

    /** The operator is told that what he wanted has been made. */
    public void done(long id) {
        answered(id).added().ifPresent(this::checkIsStored);
    }

    /** The operator is told that what he wanted was there when he said so. */
    public void wasThere(long id) {
        boolean mayHaveGone = overtaken.contains(id);
        answered(id).added().filter(_ -> !mayHaveGone).ifPresent(this::checkIsStored);
    }

    /** The operator is told something else. */
    public void told(long id) {
        answered(id);
    }

    private Order answered(long id) {
        overtaken.remove(id);
        var order = waiting.remove(id);
        if (order == null) {
            throw new InvariantBroken("answers", "a second answer to one order: " + id);
        }
        return order;
    }

    private void checkIsStored(CgnRow wanted) {
        var stored = dumps.disk().get(wanted.who());
        if (stored == null
                || stored.maker() != Maker.OPERATOR
                || !stored.external().equals(wanted.external())) {
            throw new InvariantBroken("I2", "said to be added is " + wanted + ", on the disk is " + stored);
        }
    }

    public void checkPatience() {
        for (var order : waiting.values()) {
            if (order.since().plus(PATIENCE).isBefore(dumps.now())) {
                throw new InvariantBroken("I5", "never answered: " + order);
            }
        }
    }
}
