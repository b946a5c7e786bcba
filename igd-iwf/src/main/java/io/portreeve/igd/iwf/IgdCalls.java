package io.portreeve.igd.iwf;

import io.portreeve.pcp.PcpAddress;
import java.util.Optional;

/** Where the transport hands an action over. */
public interface IgdCalls {

    /**
     * Does {@code action} and waits for its outcome, at most until the engine's own deadline (4 s).
     *
     * @param requester the address of the TCP connection's other end, never one from a header
     */
    IgdReply call(PcpAddress requester, IgdFace face, IgdAction action);

    /**
     * {@return the reply to {@code action}, if nobody has to be waited for; otherwise nothing has happened}
     *
     * @param requester as for {@link #call}
     */
    Optional<IgdReply> known(PcpAddress requester, IgdFace face, IgdAction action);
}
