package io.portreeve.client.worlds;

import io.portreeve.client.AuditReport;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.wire.DecodedResponse;

/** Sees what comes to a client and what it decides, in the order in which it happens, and tells it to checker and trace. */
final class Witness {
    private final Parts parts;

    Witness(Parts parts) {
        this.parts = parts;
    }

    void wants(long ticket, MappingRequest request) {
        parts.trace.add("wants", request, ticket);
        parts.checker.wants(ticket, request);
    }

    void releases(long ticket, String owner, MappingKey key) {
        parts.trace.add("releases", key, ticket);
        parts.checker.releases(ticket, owner, key);
    }

    void audits() {
        if (parts.claims.isPresent()) {
            parts.checker.audits();
        }
    }

    void audited(AuditReport report) {
        parts.note("audited", report);
    }

    void networkChanges() {
        parts.checker.networkChanges();
    }

    /** What is asked from now on leaves from {@code source}. */
    void connects(PcpAddress source) {
        parts.note("connects", source);
        parts.checker.connects(source);
    }

    void hears(DecodedResponse response) {
        parts.trace.add("hears", response);
        parts.checker.hears(response);
    }

    /** Time has passed. */
    void due() {
        parts.checker.due();
    }

    void decides(PcpRequest request) {
        parts.checker.decides(request);
    }

    void forgets(MappingKey key) {
        parts.trace.add("forgets", key);
        parts.checker.forgets(key);
    }

    void decides(long ticket, MappingOutcome outcome) {
        parts.checker.decides(ticket, outcome);
    }

    void decides(MappingEvent event) {
        parts.checker.decides(event);
    }

    /** What was decided on the last event is known. */
    void settled() {
        parts.checker.settled();
    }
}
