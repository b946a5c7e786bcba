package io.portreeve.server.cgn;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Whom one internal endpoint has sent something lately. */
final class Flows {
    private final IpProtocol protocol;
    private final Map<Endpoint, Flow> byRemote = new LinkedHashMap<>();

    Flows(IpProtocol protocol) {
        this.protocol = protocol;
    }

    Optional<Flow> with(Endpoint remote) {
        return Optional.ofNullable(byRemote.get(remote));
    }

    /** {@return the flow, a new one if there is none} */
    Flow open(Endpoint remote, MonoTime now) {
        return byRemote.computeIfAbsent(remote, _ -> new Flow(protocol, now));
    }

    /** {@return until when the last of them lives; empty if none does} */
    Optional<MonoTime> until(MonoTime now) {
        return until(now, _ -> true);
    }

    /** {@return until when the last flow with one of {@code remotes} lives; empty if none does} */
    Optional<MonoTime> until(MonoTime now, Predicate<Endpoint> remotes) {
        byRemote.values().removeIf(flow -> !flow.until().isAfter(now));
        return byRemote.entrySet().stream()
                .filter(flow -> remotes.test(flow.getKey()))
                .map(flow -> flow.getValue().until())
                .max(Comparator.naturalOrder());
    }
}
