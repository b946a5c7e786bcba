package io.portreeve.server.cgn;

import io.portreeve.pcp.MonoTime;
import java.util.Optional;

/** What a host's own traffic made: it serves any number of remote peers from one port. RFC 4787 REQ-1. */
final class ImplicitMapping {
    private final InternalTuple inside;
    private final Endpoint external;
    private final Flows flows;

    ImplicitMapping(InternalTuple inside, Endpoint external) {
        this.inside = inside;
        this.external = external;
        flows = new Flows(inside.protocol());
    }

    InternalTuple inside() {
        return inside;
    }

    Endpoint external() {
        return external;
    }

    ExternalTuple outside() {
        return new ExternalTuple(inside.protocol(), external);
    }

    Optional<Flow> flowWith(Endpoint remote) {
        return flows.with(remote);
    }

    /** {@return the flow, a new one if there is none} */
    Flow openFlow(Endpoint remote, MonoTime now) {
        return flows.open(remote, now);
    }

    /** {@return false if nobody is served any more} */
    boolean isAlive(MonoTime now) {
        return flows.until(now).isPresent();
    }

    Flows flows() {
        return flows;
    }
}
