package io.portreeve.client.worlds;

import io.portreeve.client.AuditReport;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.wire.DecodedResponse;

/** Tells what it sees to checker and trace. */
final class SmallWitness implements Witness {
    private final Parts parts;

    SmallWitness(Parts parts) {
        this.parts = parts;
    }

    @Override
    public void wants(long ticket, MappingRequest request) {
        parts.trace.add("wants", request, ticket);
        parts.checker.wants(ticket, request);
    }

    @Override
    public void releases(long ticket, String owner, MappingKey key) {
        parts.trace.add("releases", key, ticket);
        parts.checker.releases(ticket, owner, key);
    }

    @Override
    public void audits() {
        if (parts.claims.isPresent()) {
            parts.checker.audits();
        }
    }

    @Override
    public void audited(AuditReport report) {
        parts.note("audited", report);
    }

    @Override
    public void networkChanges() {
        parts.checker.networkChanges();
    }

    @Override
    public void connects(PcpAddress source) {
        parts.note("connects", source);
        parts.checker.connects(source);
    }

    @Override
    public void hears(DecodedResponse response) {
        parts.trace.add("hears", response);
        parts.checker.hears(response);
    }

    @Override
    public void due() {
        parts.checker.due();
    }

    @Override
    public void decides(PcpRequest request) {
        parts.checker.decides(request);
    }

    @Override
    public void forgets(MappingKey key) {
        parts.trace.add("forgets", key);
        parts.checker.forgets(key);
    }

    @Override
    public void decides(long ticket, MappingOutcome outcome) {
        parts.checker.decides(ticket, outcome);
    }

    @Override
    public void decides(MappingEvent event) {
        parts.checker.decides(event);
    }

    @Override
    public void settled() {
        parts.checker.settled();
    }
}
