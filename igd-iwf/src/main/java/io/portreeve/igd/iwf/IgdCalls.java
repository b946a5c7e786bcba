package io.portreeve.igd.iwf;

import io.portreeve.pcp.PcpAddress;

/** Where the transport hands an action over. */
@FunctionalInterface
public interface IgdCalls {

    /**
     * Does {@code action} and waits for its outcome, at most until the engine's own deadline (4 s).
     *
     * @param requester the address of the TCP connection's other end, never one from a header
     */
    IgdReply call(PcpAddress requester, IgdFace face, IgdAction action);
}
