package io.portreeve.worlds;

import io.portreeve.pcp.MonoTime;

/** When a process next handles what has come. One batch is scheduled at a time, the earliest; the others would find nothing to do. */
public final class NextBatch {
    private final VirtualTime time;
    private MonoTime next = MonoTime.NEVER;

    public NextBatch(VirtualTime time) {
        this.time = time;
    }

    /** What an earlier life had scheduled does not come. */
    public void forget() {
        next = MonoTime.NEVER;
    }

    /** Has {@code process} do {@code batch} at {@code at}, unless it does one sooner. */
    public void schedule(MonoTime at, VirtualProcess process, Runnable batch) {
        if (!at.isBefore(next)) {
            return;
        }
        next = at;
        time.at(at, process.inThisLife(() -> {
            if (next.equals(at)) {
                next = MonoTime.NEVER;
                batch.run();
            }
        }));
    }
}
