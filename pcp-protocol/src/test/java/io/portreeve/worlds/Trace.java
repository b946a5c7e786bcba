package io.portreeve.worlds;

import io.portreeve.pcp.MonoTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What happened in a world: a number that tells two stories apart, and the end of the story to read. */
public final class Trace {
    private static final int KEPT = 60;
    private static final long FNV_PRIME = 0x100_0000_01B3L;

    private record Line(MonoTime at, String what, Object detail) {
        @Override
        public String toString() {
            return "%14.6f  %s %s".formatted(at.nanos() / 1e9, what, detail);
        }
    }

    private final VirtualTime time;
    private final Deque<Line> last = new ArrayDeque<>();
    private long hash = 0xCBF2_9CE4_8422_2325L;

    public Trace(VirtualTime time) {
        this.time = time;
    }

    /**
     * Adds to the story.
     *
     * @param detail for people; its text is made only if it is read
     */
    public void add(String what, Object detail) {
        add(time.now().nanos());
        add(what.hashCode());
        last.add(new Line(time.now(), what, detail));
        if (last.size() > KEPT) {
            last.remove();
        }
    }

    public void add(String what, Object detail, long number) {
        add(what, detail);
        add(number);
    }

    public void add(String what, Object detail, byte[] octets) {
        add(what, detail);
        for (byte octet : octets) {
            add(octet);
        }
    }

    private void add(long number) {
        hash = (hash ^ number) * FNV_PRIME;
        hash ^= hash >>> 29;
    }

    /** {@return the same number for the same story} */
    public long hash() {
        return hash;
    }

    /** {@return the last lines of the story} */
    public List<String> end() {
        return last.stream().map(Line::toString).toList();
    }
}
