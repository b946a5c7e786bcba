package io.portreeve.client.engine;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.MonoTime;
import java.util.Optional;

/** What the client knows of its server beyond the mappings. */
final class ServerSession {
    private Optional<EpochObservation> last = Optional.empty();

    /** Takes note of the server's clock. {@return false if the server may have lost its mappings} RFC 6887 section 8.5. */
    boolean observe(EpochTime epoch, MonoTime now) {
        var next = new EpochObservation(epoch.seconds(), now.seconds());
        boolean follows = last.map(before -> before.admits(next)).orElse(true);
        last = Optional.of(next);
        return follows;
    }
}
