package io.portreeve.netfilter;

import io.portreeve.netlink.NetlinkException;
import io.portreeve.netlink.NetlinkSocket;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;
import java.util.function.Predicate;

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

    /** {@return the connection of {@code inner} with a remote endpoint, whoever began it; empty if there is none} */
    public Optional<LiveConnection> between(InnerEndpoint inner, PcpAddress remote, int remotePort)
            throws NetfilterException {
        try {
            return conntrack.between(inner, remote, remotePort);
        } catch (NetlinkException e) {
            throw new NetfilterException("connections: " + e.getMessage());
        }
    }

    /** Cuts every connection of a host whose own address, before it is translated, is one of {@code inner}. */
    public void cut(Predicate<PcpAddress> inner) throws NetfilterException {
        try {
            conntrack.cutOf(inner);
        } catch (NetlinkException e) {
            throw new NetfilterException("connections: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
