package io.portreeve.worlds;

import io.portreeve.pcp.MonoTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What has come to a process that takes it a moment later, all at once.
 *
 * @param <E> what comes
 */
public final class Inbox<E> {
    private static final Duration LONGEST_LATENCY = Duration.ofMillis(1);

    private final VirtualTime time;
    private final Chance chance;
    private final Consumer<List<E>> batch;
    private final NextBatch next;
    private final List<E> waiting = new ArrayList<>();
    private VirtualProcess process;
    private MonoTime busyUntil = MonoTime.START;

    /** @param batch takes what waits, or nothing when only its time has come */
    public Inbox(VirtualTime time, Chance chance, Consumer<List<E>> batch) {
        this.time = time;
        this.chance = chance;
        this.batch = batch;
        next = new NextBatch(time);
    }

    /** From now on it is {@code another}'s, and what came before is lost. */
    public void beginFor(VirtualProcess another) {
        process = another;
        waiting.clear();
        next.forget();
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    public void put(E event) {
        waiting.add(event);
        scheduleSoon();
    }

    /** Has the process take what waits, if only because something waits for what it said. */
    public void scheduleSoon() {
        schedule(time.now().plus(chance.within(LONGEST_LATENCY)));
    }

    /** Has the process take what waits then, even if nothing does. */
    public void schedule(MonoTime wanted) {
        next.schedule(wanted.later(busyUntil), process, this::take);
    }

    /** The process takes nothing for some time. */
    public void pause(Duration pause) {
        busyUntil = time.now().plus(pause);
    }

    private void take() {
        if (time.now().isBefore(busyUntil)) {
            schedule(busyUntil);
            return;
        }
        var all = List.copyOf(waiting);
        waiting.clear();
        batch.accept(all);
    }
}
