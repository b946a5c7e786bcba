package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.MonoTime;
import java.time.Duration;

/** What was promised to flows does not outlive the server: a start that finds any of it begins a new epoch. */
final class LostFlows {
    private static final Duration ROUNDING = Duration.ofMillis(10);

    private final Dumps dumps;
    private final PeerWatch peers;
    private final EpochWatch epoch;
    private MonoTime starting = MonoTime.START;
    private boolean areFound;

    LostFlows(Dumps dumps, PeerWatch peers, EpochWatch epoch) {
        this.dumps = dumps;
        this.peers = peers;
        this.epoch = epoch;
    }

    void starting() {
        starting = dumps.now();
        areFound = peers.areAnyBeyond(starting.plus(ROUNDING));
        if (!areFound && !dumps.peers().isEmpty()) {
            epoch.unsure(starting);
        }
    }

    void started() {
        if (areFound) {
            epoch.lost(starting);
        }
        areFound = false;
    }

    /** A start that fails loses nothing, unless the disk says so already: what was promised may be over at the next one. */
    void failed() {
        if (dumps.peers().isEmpty()) {
            started();
        }
    }
}
