package io.portreeve.client.engine;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.ResultCode;
import java.time.Duration;
import java.util.Optional;

/**
 * Until when a server is spared after it ran out of resources: no new mapping is asked for, or, if it could not even delete one,
 * nothing at all. A server that goes on granting others is short of something else, and only the one mapping waits. Source:
 * RFC 6887 section 11.4.
 */
final class HoldOffs {
    private MonoTime creations = MonoTime.START;
    private MonoTime everything = MonoTime.START;
    private Optional<MonoTime> lastGrant = Optional.empty();

    /** {@return when {@code mapping} may be asked for; in the past if it may be now} */
    MonoTime until(Mapping mapping) {
        boolean isNew = mapping.isWanted() && mapping.state().holding().isEmpty();
        return isNew && creations.isAfter(everything) ? creations : everything;
    }

    /** {@return true if nothing is to be asked} */
    boolean isSpared(MonoTime now) {
        return everything.isAfter(now);
    }

    boolean isFull(MonoTime now) {
        return creations.isAfter(now) || everything.isAfter(now);
    }

    void granted(MonoTime now) {
        lastGrant = Optional.of(now);
        creations = MonoTime.START;
    }

    /** @param hold how long an error of the server is believed */
    void refused(Mapping mapping, int result, Duration hold, MonoTime now) {
        if (result != ResultCode.NO_RESOURCES.value()) {
            return;
        }
        if (!mapping.isWanted()) {
            everything = now.plus(hold);
        } else if (lastGrant.filter(at -> at.plus(hold).isAfter(now)).isEmpty()) {
            creations = now.plus(hold);
        }
    }

    /** Another server, or another way to it, begins anew. */
    void forget() {
        creations = MonoTime.START;
        everything = MonoTime.START;
        lastGrant = Optional.empty();
    }
}
