package io.portreeve.igd.iwf;

import io.portreeve.igd.iwf.AuditRecord.What;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;

/**
 * Why an entry goes.
 *
 * @param host who asked for it; empty if nobody did
 */
record Ending(What what, Optional<PcpAddress> host, String why) {
    static final Ending LEASE_OVER = new Ending(What.CLOSED, Optional.empty(), "its lease is over");

    /** The control point was told that it failed, and has not asked again. */
    static final Ending UNTOLD = new Ending(What.CLOSED, Optional.empty(), "nobody was told in time that it is open");

    /** The control point leads its port elsewhere. */
    static final Ending REPLACED = new Ending(What.CLOSED, Optional.empty(), "another one takes its place");

    static Ending askedBy(PcpAddress host) {
        return new Ending(What.CLOSED, Optional.of(host), "");
    }

    static Ending lost(String why) {
        return new Ending(What.LOST, Optional.empty(), why);
    }

    static Ending because(String why) {
        return new Ending(What.CLOSED, Optional.empty(), why);
    }

    AuditRecord of(PortMapping mapping, String more) {
        return new AuditRecord(what, host, Optional.of(mapping.audited()), why + more);
    }
}
