package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.worlds.InvariantBroken;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** I10: a server that starts asks the CGN in this order, and answers nobody before it is through. */
final class StartOrder {
    private static final List<Set<String>> ORDER = List.of(
            Set.of("onDeletedSubscriber"),
            Set.of("listPcpPool"),
            Set.of("createSubscriber"),
            Set.of("createPcpMapping"),
            Set.of("createFilter", "deletePcpMapping"), // of what the CGN did not take back as a whole
            Set.of("unlockDynamic"));
    private static final Set<String> ONCE = Set.of("onDeletedSubscriber", "listPcpPool", "unlockDynamic");

    private final Dumps dumps;
    private final Map<Who, DiskRow> stored;
    private final Set<Who> created = new HashSet<>();
    private int reached;
    private boolean unlocked;

    StartOrder(Dumps dumps) {
        this.dumps = dumps;
        stored = Map.copyOf(dumps.disk());
    }

    boolean isUnlocked() {
        return unlocked;
    }

    void called(String routine) {
        boolean isRepeatable = !ONCE.contains(routine);
        if (unlocked) {
            if (!isRepeatable) {
                throw new InvariantBroken("I10", "a server that serves calls " + routine);
            }
            return;
        }
        int place = placeOf(routine);
        boolean inOrder = place > reached - 1 || place == reached - 1 && isRepeatable;
        if (place < 0 || !inOrder) {
            throw new InvariantBroken("I10", "a server that starts calls " + routine + " too early or twice");
        }
        reached = Math.max(reached, place + 1);
        unlocked = routine.equals("unlockDynamic");
    }

    private static int placeOf(String routine) {
        for (int place = 0; place < ORDER.size(); place++) {
            if (ORDER.get(place).contains(routine)) {
                return place;
            }
        }
        return -1;
    }

    void createsSubscriber(PcpAddress subscriber, PcpAddress external) {
        called("createSubscriber");
        if (!unlocked && !external.equals(dumps.subscribers().get(subscriber))) {
            throw new InvariantBroken(
                    "I10", "subscriber " + subscriber + " comes back with another address: " + external);
        }
    }

    void createsMapping(CgnRow row) {
        called("createPcpMapping");
        if (unlocked) {
            return;
        }
        created.add(row.who());
        var wanted = stored.get(row.who());
        if (wanted == null || !wanted.external().equals(row.external())) {
            throw new InvariantBroken("I10", row + " is brought back, but on the disk is " + wanted);
        }
    }

    /** The server believes that it has brought everything back. */
    void unlocks(Set<Who> refused) {
        for (var row : stored.values()) {
            if (!row.isOver(dumps.now()) && !created.contains(row.who()) && !refused.contains(row.who())) {
                throw new InvariantBroken("I2", "not brought back: " + row);
            }
        }
        called("unlockDynamic");
    }
}
