package io.portreeve.server.cgn;

import io.portreeve.pcp.MonoTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a host's own traffic made: it serves any number of remote peers from one port. RFC 4787 REQ-1. */
final class ImplicitMapping {
    private final InternalTuple inside;
    private final Endpoint external;
    private final Map<Endpoint, Flow> flows = new LinkedHashMap<>();

    ImplicitMapping(InternalTuple inside, Endpoint external) {
        this.inside = inside;
        this.external = external;
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
        return Optional.ofNullable(flows.get(remote));
    }

    /** {@return the flow, a new one if there is none} */
    Flow openFlow(Endpoint remote, MonoTime now) {
        return flows.computeIfAbsent(remote, _ -> new Flow(inside.protocol(), now));
    }

    /** {@return false if nobody is served any more} */
    boolean isAlive(MonoTime now) {
        flows.values().removeIf(flow -> !flow.until().isAfter(now));
        return !flows.isEmpty();
    }
}
