package io.portreeve.client.worlds.checker;

import io.portreeve.pcp.MonoTime;
import io.portreeve.worlds.InvariantBroken;
import java.time.Duration;

/** Many mappings are asked for again: after a random start if the server lost them, and one after the other in any case. */
final class Recovery {
    private static final Duration LONGEST_START = Duration.ofSeconds(5);
    static final Duration DISTANCE = Duration.ofMillis(500);

    private final MonoTime since;
    private final boolean isLeftToChance;
    private final Window window;
    private MonoTime lastSent = new MonoTime(-DISTANCE.toNanos());

    private Recovery(MonoTime since, boolean isLeftToChance, Duration longestStart, int mappings) {
        this.since = since;
        this.isLeftToChance = isLeftToChance;
        window = new Window(since, since.plus(longestStart).plus(DISTANCE.multipliedBy(mappings)));
    }

    /** All clients of the server know it at the same moment. RFC 6887 section 14.1.3. */
    static Recovery afterLoss(MonoTime now, int mappings) {
        return new Recovery(now, true, LONGEST_START, mappings);
    }

    static Recovery atOnce(MonoTime now, int mappings) {
        return new Recovery(now, false, Duration.ZERO, mappings);
    }

    /** {@return when each of the mappings is asked for} */
    Window window() {
        return window;
    }

    void asks(MonoTime now) {
        if (isLeftToChance && now.equals(since)) {
            throw new InvariantBroken("chance", "a recovery that starts at once");
        }
        if (lastSent.until(now).compareTo(DISTANCE) < 0) {
            throw new InvariantBroken("pace", lastSent.until(now) + " between two requests of one recovery");
        }
        lastSent = now;
    }
}
