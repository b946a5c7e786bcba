package io.portreeve.igd.iwf;

import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.pcp.MonoTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The entries that PCP is asked for again, because it may hold nothing for them: after a start, a deletion that failed, or a try that went well. */
final class Restoring {
    /** An entry, and how PCP was asked for it. */
    record Asked(PortMappingKey key, Approach approach) {}

    private final PcpRequests requests;
    private final Outbox out;
    private final Map<Long, Asked> asked = new HashMap<>();

    Restoring(PcpRequests requests, Outbox out) {
        this.requests = requests;
        this.out = out;
    }

    PcpRequests requests() {
        return requests;
    }

    void ask(PortMapping mapping, MonoTime now) {
        ask(mapping.key(), requests.approach(mapping, now), requests.keeping(mapping, now));
    }

    private void ask(PortMappingKey key, Approach approach, MappingRequest request) {
        long id = out.nextId();
        await(id, new Asked(key, approach));
        out.add(new IwfEffect.AskPcp(id, request));
    }

    /** What becomes of request {@code id} is about that entry from now on. */
    void await(long id, Asked entry) {
        asked.put(id, entry);
    }

    /** {@return true if {@code mapping} is asked for again, without what the PCP server may not know} */
    boolean fallBack(PortMapping mapping, Approach before, MappingOutcome.Refused refused, MonoTime now) {
        boolean wasExact = mapping.choice() == PortChoice.EXACTLY && before == Approach.FOR_GOOD;
        boolean isTried = wasExact && requests.mayFallBack(refused);
        if (isTried) {
            ask(mapping.key(), Approach.SUGGESTING, requests.preferring(mapping, now));
        }
        return isTried;
    }

    /** PCP has granted what was asked for so: after a suggestion, ports are only suggested for a while. */
    void granted(Approach approach, MonoTime now) {
        if (approach == Approach.SUGGESTING && requests.suggestFrom(now)) {
            out.add(new IwfEffect.Audit(new AuditRecord(
                    AuditRecord.What.FALLEN_BACK,
                    Optional.empty(),
                    Optional.empty(),
                    "the PCP server does not know PREFER_FAILURE, so ports are only suggested to it")));
        }
    }

    /** {@return true if nobody knows yet whether PCP has something for the entry of {@code key}} */
    boolean isAsked(PortMappingKey key) {
        return asked.values().stream().anyMatch(it -> it.key().equals(key));
    }

    /** {@return what request {@code id} was for, once} */
    Optional<Asked> answered(long id) {
        return Optional.ofNullable(asked.remove(id));
    }
}
