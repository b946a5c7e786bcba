package io.portreeve.client.worlds.checker;

import io.portreeve.pcp.MonoTime;
import io.portreeve.worlds.InvariantBroken;
import java.time.Duration;

/** Whoever could not hear a server for a while asks it since when it is there. Source: RFC 6887 section 14.1. */
final class Probing {
    private static final int TRANSMISSIONS = 4;

    private boolean goesOn;
    private Window next = Window.at(MonoTime.NEVER);
    private MonoTime lastSent = MonoTime.START;
    private int transmissions;

    /** The network was another, or was not there. */
    void begin(MonoTime now) {
        if (!goesOn || mayBeOver(now)) {
            goesOn = true;
            transmissions = 0;
            next = Window.at(now);
        }
    }

    /** The answer to the last one is waited for, and nobody knows for how long exactly. */
    private boolean mayBeOver(MonoTime now) {
        return isLast() ? !now.isBefore(next.earliest()) : next.latest().isBefore(now);
    }

    private boolean isLast() {
        return transmissions == TRANSMISSIONS;
    }

    /** The server has answered, or is to be spared. */
    void end() {
        goesOn = false;
    }

    void asks(MonoTime now) {
        if (!goesOn || isLast() || !next.contains(now)) {
            throw new InvariantBroken("probe", "an announcement is asked for at " + now + ", not in " + next);
        }
        next = transmissions == 0 ? Window.afterFirst(now) : Window.afterAnother(now, pause(now));
        lastSent = now;
        transmissions++;
    }

    private Duration pause(MonoTime now) {
        return lastSent.until(now);
    }
}
