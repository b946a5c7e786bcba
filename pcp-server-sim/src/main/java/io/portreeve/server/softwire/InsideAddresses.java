package io.portreeve.server.softwire;

import io.portreeve.pcp.PcpAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The NAT behind the tunnels, as their end sees it. */
public interface InsideAddresses {

    /**
     * {@return the inside address of a host that has sent something} It is there when the NAT is ready for packets from it, and
     * fails if this home is not served, or can have no such host (RFC 6333 section 11).
     */
    CompletableFuture<PcpAddress> enter(InnerHost host);

    /** {@return the host that {@code inside} stands for; empty if for none} */
    Optional<InnerHost> hostAt(PcpAddress inside);
}
