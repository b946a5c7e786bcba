package io.portreeve.igd.metrics;

import io.portreeve.igd.gateway.Counts;
import io.portreeve.igd.http.RejectReason;
import io.portreeve.igd.iwf.Snapshot;
import java.util.Map;
import java.util.Optional;

/**
 * The gateway as it is measured.
 *
 * @param snapshot empty if the interworking does not answer
 * @param rejects how often HTTP turned somebody away
 */
public record Measured(Optional<Snapshot> snapshot, Counts counts, Map<RejectReason, Long> rejects) {

    /** {@return true if its loop goes round} */
    boolean isAlive() {
        return snapshot.isPresent();
    }

    /** {@return true if ports can be opened, as far as the last attempt tells} */
    boolean isReady() {
        return isAlive() && counts.isAnswered() && counts.isStored();
    }
}
