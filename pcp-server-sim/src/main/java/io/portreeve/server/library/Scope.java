package io.portreeve.server.library;

import io.portreeve.pcp.PcpAddress;
import java.util.Optional;

/**
 * Within what an internal address is one host.
 *
 * @param subscriber empty if there are no two hosts of one address
 */
record Scope(Optional<PcpAddress> subscriber) {
    private static final Scope CGN = new Scope(Optional.empty());

    /** The hosts behind two B4s may have the same private address. */
    static Scope of(CgnType type, PcpAddress subscriber) {
        return type == CgnType.DSLITE ? new Scope(Optional.of(subscriber)) : CGN;
    }
}
