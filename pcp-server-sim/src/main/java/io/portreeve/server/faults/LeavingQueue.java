package io.portreeve.server.faults;

import io.portreeve.pcp.MonoTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/** What is to leave, and when. What is due at the same time leaves in the order in which it came. */
final class LeavingQueue {

    /** How long a message waits at most for one that could overtake it. */
    static final Duration PATIENCE = Duration.ofMillis(250);

    private record Entry(MonoTime due, long number, FaultEffect effect, boolean waits) {}

    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparing(Entry::due).thenComparing(Entry::number));
    private Optional<Entry> held = Optional.empty();
    private long lastNumber;

    void add(FaultEffect effect, MonoTime due) {
        entries.add(new Entry(due, ++lastNumber, effect, false));
    }

    /** Then it waits for another, unless one waits already: that one is overtaken now. */
    void addToBeOvertaken(FaultEffect effect, MonoTime due) {
        entries.add(new Entry(due, ++lastNumber, effect, true));
    }

    boolean isEmpty() {
        return entries.isEmpty() && held.isEmpty();
    }

    MonoTime nextDue() {
        return first().earlier(release());
    }

    private MonoTime first() {
        return entries.isEmpty() ? MonoTime.NEVER : entries.peek().due();
    }

    private MonoTime release() {
        return held.map(Entry::due).orElse(MonoTime.NEVER);
    }

    /** {@return what leaves now, in order} */
    List<FaultEffect> takeDue(MonoTime now) {
        var leaving = new ArrayList<FaultEffect>();
        while (!nextDue().isAfter(now)) {
            if (release().isBefore(first())) {
                takeHeld(leaving);
            } else {
                leave(entries.remove(), now, leaving);
            }
        }
        return leaving;
    }

    private void leave(Entry entry, MonoTime now, List<FaultEffect> leaving) {
        if (entry.waits() && held.isEmpty()) {
            held = Optional.of(new Entry(now.plus(PATIENCE), entry.number(), entry.effect(), false));
        } else {
            leaving.add(entry.effect());
            takeHeld(leaving);
        }
    }

    private void takeHeld(List<FaultEffect> leaving) {
        held.ifPresent(entry -> leaving.add(entry.effect()));
        held = Optional.empty();
    }

    /** {@return all, in the order in which it would have left} */
    List<FaultEffect> takeAll() {
        var leaving = new ArrayList<FaultEffect>();
        takeHeld(leaving);
        while (!entries.isEmpty()) {
            leaving.add(entries.remove().effect());
        }
        return leaving;
    }
}
