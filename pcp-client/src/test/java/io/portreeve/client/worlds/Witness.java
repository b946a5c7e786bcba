package io.portreeve.client.worlds;

import io.portreeve.client.AuditReport;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.wire.DecodedResponse;

/** Sees what comes to a client and what it decides, in the order in which it happens. */
public interface Witness {
    /** Looks elsewhere. */
    Witness BLIND = new Witness() {};

    default void wants(long ticket, MappingRequest request) {}

    default void releases(long ticket, String owner, MappingKey key) {}

    default void audits() {}

    default void audited(AuditReport report) {}

    default void networkChanges() {}

    /** What is asked from now on leaves from {@code source}. */
    default void connects(PcpAddress source) {}

    default void hears(DecodedResponse response) {}

    /** Time has passed. */
    default void due() {}

    default void decides(PcpRequest request) {}

    default void forgets(MappingKey key) {}

    default void decides(long ticket, MappingOutcome outcome) {}

    default void decides(MappingEvent event) {}

    /** What was decided on the last event is known. */
    default void settled() {}
}
