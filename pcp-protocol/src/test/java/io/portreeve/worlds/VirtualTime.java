package io.portreeve.worlds;

import io.portreeve.pcp.MonoTime;
import java.time.Duration;
import java.util.PriorityQueue;

/** The time of a world: it jumps from one event to the next. What happens at one instant happens in the order it was put. */
public final class VirtualTime {
    private record Event(MonoTime at, long number, Runnable run) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /** A world in which more happens at one instant does not get on. */
    private static final int MOST_AT_ONCE = 100_000;

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private MonoTime now = MonoTime.START;
    private long put;
    private int happened;
    private int happenedNow;

    public MonoTime now() {
        return now;
    }

    /** {@return how many events have happened} */
    public int happened() {
        return happened;
    }

    /** Has {@code run} happen at {@code when}, or now if that has passed. */
    public void at(MonoTime when, Runnable run) {
        events.add(new Event(when.isBefore(now) ? now : when, ++put, run));
    }

    public void after(Duration delay, Runnable run) {
        at(now.plus(delay), run);
    }

    /** Lets everything happen that is put for a time up to {@code end}, which is the time afterwards. */
    public void passUntil(MonoTime end) {
        while (!events.isEmpty() && !events.peek().at.isAfter(end)) {
            var event = events.poll();
            count(event);
            now = event.at;
            event.run.run();
        }
        now = end;
    }

    private void count(Event event) {
        happened++;
        happenedNow = event.at.equals(now) ? happenedNow + 1 : 0;
        if (happenedNow > MOST_AT_ONCE) {
            throw new InvariantBroken("progress", "time does not pass: something always remains to be done at once");
        }
    }
}
