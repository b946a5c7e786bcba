package io.portreeve.server.cgn;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import java.time.Duration;

/** How long an implicit mapping serves one remote peer: while there is traffic, and as long as was promised. */
final class Flow {
    /** RFC 4787 REQ-5. */
    static final Duration UDP_IDLE = Duration.ofMinutes(2);

    /** An established connection, and one that ends: RFC 5382 REQ-5. */
    static final Duration TCP_IDLE = Duration.ofHours(2).plusMinutes(4);

    static final Duration TCP_ENDING = Duration.ofMinutes(4);

    private final IpProtocol protocol;
    private MonoTime idleUntil;
    private MonoTime promisedUntil;
    private boolean ending;

    Flow(IpProtocol protocol, MonoTime now) {
        this.protocol = protocol;
        promisedUntil = now;
        idleUntil = now.plus(idleTime());
    }

    private Duration idleTime() {
        if (!protocol.equals(IpProtocol.TCP)) {
            return UDP_IDLE;
        }
        return ending ? TCP_ENDING : TCP_IDLE;
    }

    /** What comes in does not keep it: whoever sends could keep it for ever. RFC 4787 REQ-6. */
    void sent(MonoTime now) {
        idleUntil = now.plus(idleTime());
    }

    /** A FIN or RST has passed. What was promised is kept. */
    void ends(MonoTime now) {
        ending = true;
        idleUntil = idleUntil.earlier(now.plus(idleTime()));
    }

    void promise(MonoTime until) {
        promisedUntil = until.isAfter(promisedUntil) ? until : promisedUntil;
    }

    MonoTime until() {
        return idleUntil.isAfter(promisedUntil) ? idleUntil : promisedUntil;
    }
}
