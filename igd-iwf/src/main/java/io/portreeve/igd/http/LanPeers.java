package io.portreeve.igd.http;

import io.portreeve.igd.ssdp.LanPrefix;
import io.portreeve.pcp.PcpAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.io.Connection;

/**
 * Closes, without an octet, the connections of hosts that are not on the LAN, and those that are one host's too many. If there are
 * too many in all, a host that has fewer than another takes one of that one's, so that some that attack together keep nobody out.
 *
 * <p>Linux takes packets for the LAN address on every interface, so listening on that address alone keeps nobody out. A
 * link-local address needs no more than its prefix either: it is listened to on its own link only.
 */
final class LanPeers {
    static final int MAX_OF_ONE_HOST = 8;
    static final int MAX_CONNECTIONS = 64;

    private final RejectCounters rejects;
    /** In the order of opening. */
    private final Map<Connection, PcpAddress> peers = new LinkedHashMap<>();

    LanPeers(RejectCounters rejects) {
        this.rejects = rejects;
    }

    /** {@return what watches the door of one LAN; all doors count together} */
    Connection.Listener of(Supplier<LanPrefix> lan) {
        return new Connection.Listener() {
            @Override
            public void onOpened(Connection connection) {
                opened(connection, lan.get());
            }

            @Override
            public void onClosed(Connection connection) {
                closed(connection);
            }
        };
    }

    private synchronized void opened(Connection connection, LanPrefix lan) {
        var address = (InetSocketAddress) connection.getEndPoint().getRemoteSocketAddress();
        if (address == null) {
            connection.getEndPoint().close(); // it has gone already
            return;
        }
        var peer = PcpAddress.of(address.getAddress());
        var objection = objection(peer, lan);
        objection.ifPresentOrElse(
                reason -> {
                    rejects.count(reason);
                    connection.getEndPoint().close();
                },
                () -> peers.put(connection, peer));
    }

    private synchronized void closed(Connection connection) {
        peers.remove(connection);
    }

    private Optional<RejectReason> objection(PcpAddress peer, LanPrefix lan) {
        if (!lan.contains(peer)) {
            return Optional.of(RejectReason.STRANGER);
        }
        boolean isAdmitted =
                count(peer) < MAX_OF_ONE_HOST && (peers.size() < MAX_CONNECTIONS || takesAnothersPlace(peer));
        return isAdmitted ? Optional.empty() : Optional.of(RejectReason.CONNECTIONS);
    }

    private int count(PcpAddress peer) {
        return Collections.frequency(peers.values(), peer);
    }

    /** {@return true if the oldest connection of who has most is closed} Then {@code peer} has no more than that one. */
    private boolean takesAnothersPlace(PcpAddress peer) {
        var greediest = peers.values().stream()
                .max(Comparator.comparingInt(this::count))
                .filter(host -> count(host) > count(peer) + 1);
        greediest.ifPresent(host -> {
            var oldest = peers.keySet().stream()
                    .filter(connection -> peers.get(connection).equals(host))
                    .findFirst()
                    .orElseThrow();
            rejects.count(RejectReason.CONNECTIONS);
            peers.remove(oldest);
            oldest.getEndPoint().close();
        });
        return greediest.isPresent();
    }
}
