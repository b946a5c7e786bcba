package io.portreeve.netfilter;

import io.portreeve.netlink.NetlinkException;
import io.portreeve.netlink.NetlinkSocket;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;

/**
 * Asks the kernel for a connection that it translates. It belongs to the network namespace of the thread that opens it; one
 * thread at a time.
 */
public final class Connections implements AutoCloseable {
    private final NetlinkSocket socket;
    private final Conntrack conntrack;

    private Connections(NetlinkSocket socket) {
        this.socket = socket;
        conntrack = Conntrack.listing(socket);
    }

    public static Connections open() throws NetfilterException {
        try {
            return new Connections(NetlinkSocket.open(NetlinkSocket.NETFILTER));
        } catch (NetlinkException e) {
            throw new NetfilterException("connections: " + e.getMessage());
        }
    }

    /** {@return with what source a connection begun by {@code from} leaves; empty if there is none} */
    public Optional<OuterEndpoint> outerEndOf(InnerEndpoint from, PcpAddress to, int toPort) throws NetfilterException {
        try {
            return conntrack.answersOf(from, to, toPort);
        } catch (NetlinkException e) {
            throw new NetfilterException("connections: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
