package io.portreeve.client;

import java.util.List;

/**
 * How what the servers have differs from what they should have, and what is done about it. Source: draft-boucadair-pcp-failure
 * section 3.
 *
 * @param same mappings that are there as the client has them
 * @param corrected mappings that are there with another endpoint or lifetime than the client had: now it has these
 * @param missing mappings that were not there: they are asked for again
 * @param stale mappings that were there and nobody wants: they are deleted
 * @param silent the servers that do not tell what they have, or not of all hosts
 */
public record AuditReport(int same, int corrected, int missing, int stale, List<String> silent) {
    public static final AuditReport EMPTY = new AuditReport(0, 0, 0, 0, List.of());

    public AuditReport {
        silent = List.copyOf(silent);
    }
}
