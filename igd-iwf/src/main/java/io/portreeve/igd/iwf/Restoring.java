package io.portreeve.igd.iwf;

import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingOutcome;
import io.portreeve.pcp.MonoTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The entries that PCP is asked for again, because it may hold nothing for them: after a start, a deletion that failed, or a try that went well. */
final class Restoring {
    private final PcpRequests requests;
    private final Outbox out;
    private final Map<Long, PortMappingKey> asked = new HashMap<>();

    Restoring(PcpRequests requests, Outbox out) {
        this.requests = requests;
        this.out = out;
    }

    PcpRequests requests() {
        return requests;
    }

    void ask(PortMapping mapping, MonoTime now) {
        long id = out.nextId();
        asked.put(id, mapping.key());
        out.add(new IwfEffect.AskPcp(id, requests.keeping(mapping, now)));
    }

    /** What becomes of request {@code id} is about the entry of {@code key} from now on. */
    void await(long id, PortMappingKey key) {
        asked.put(id, key);
    }

    /** {@return true if {@code mapping} is asked for again, without what the PCP server may not know} */
    boolean fallBack(PortMapping mapping, MappingOutcome.Refused refused, MonoTime now) {
        boolean wasExact = requests.keeping(mapping, now).external() instanceof ExternalChoice.Exactly;
        boolean isTried = wasExact && requests.mayFallBack(refused);
        if (isTried) {
            requests.suggestFrom(now);
            ask(mapping, now);
        }
        return isTried;
    }

    /** {@return the entry that request {@code id} was for, once} */
    Optional<PortMappingKey> answered(long id) {
        return Optional.ofNullable(asked.remove(id));
    }
}
