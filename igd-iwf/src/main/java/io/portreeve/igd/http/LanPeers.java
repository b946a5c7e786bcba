package io.portreeve.igd.http;

import io.portreeve.igd.ssdp.LanPrefix;
import io.portreeve.pcp.PcpAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import org.eclipse.jetty.io.Connection;

/**
 * Closes, without an octet, the connections of hosts that are not on the LAN, and those that are one host's too many.
 *
 * <p>Linux takes packets for the LAN address on every interface, so listening on that address alone keeps nobody out.
 */
final class LanPeers implements Connection.Listener {
    static final int MAX_CONNECTIONS = 8;

    private final LanPrefix lan;
    private final Map<Connection, PcpAddress> peers = new IdentityHashMap<>();

    LanPeers(LanPrefix lan) {
        this.lan = lan;
    }

    @Override
    public synchronized void onOpened(Connection connection) {
        var address = (InetSocketAddress) connection.getEndPoint().getRemoteSocketAddress();
        if (address == null || !admits(PcpAddress.of(address.getAddress()))) {
            connection.getEndPoint().close();
        } else {
            peers.put(connection, PcpAddress.of(address.getAddress()));
        }
    }

    @Override
    public synchronized void onClosed(Connection connection) {
        peers.remove(connection);
    }

    private boolean admits(PcpAddress peer) {
        return lan.contains(peer) && Collections.frequency(peers.values(), peer) < MAX_CONNECTIONS;
    }
}
