package io.portreeve.client.worlds;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.worlds.Station;
import io.portreeve.worlds.VirtualNetwork;
import java.util.Optional;

/** The client's machine on the network: its address, which comes and goes, and the one socket that its client has. */
final class Uplink {

    /** RFC 6887 section 19.1. */
    private static final int ANNOUNCEMENTS = 5350;

    private final Parts parts;
    private final VirtualNetwork.Listener listener;
    private PcpAddress address = SmallWorld.CLIENTS.getFirst();
    private boolean isUp = true;
    private boolean isHeard;
    private Optional<Station> socket = Optional.empty();

    /** @param listener hears what comes for the client */
    Uplink(Parts parts, VirtualNetwork.Listener listener) {
        this.parts = parts;
        this.listener = listener;
    }

    boolean isUp() {
        return isUp;
    }

    /** {@return the address it has, or had last} */
    PcpAddress address() {
        return address;
    }

    /** {@return where it hears what is said to all} */
    Station forAll() {
        return new Station(address, ANNOUNCEMENTS);
    }

    Optional<Station> socket() {
        return socket;
    }

    /** {@return true if what the socket sends leaves} */
    boolean carries() {
        return isUp && socket.filter(it -> it.address().equals(address)).isPresent();
    }

    /** There is a client, which hears what is said to all. */
    void listen() {
        isHeard = true;
        parts.network.listen(forAll(), listener);
    }

    /** The client keeps its socket if that is still the right one, so that answers on the way arrive; else opens another. */
    Optional<PcpAddress> connect() {
        if (!carries()) {
            disconnect();
            if (isUp) {
                socket = Optional.of(new Station(address, parts.chance.nextInt(50_000, 60_000)));
            }
            hear();
        }
        return socket.map(Station::address);
    }

    void disconnect() {
        socket.ifPresent(parts.network::close);
        socket = Optional.empty();
    }

    /** The client is gone. */
    void close() {
        disconnect();
        parts.network.close(forAll());
        isHeard = false;
    }

    void down() {
        socket.ifPresent(parts.network::close);
        parts.network.close(forAll());
        isUp = false;
    }

    void up(PcpAddress another) {
        address = another;
        isUp = true;
        if (isHeard) {
            parts.network.listen(forAll(), listener);
        }
        hear();
    }

    /** A socket lives longer than its address, and works again if that comes back. */
    private void hear() {
        if (carries()) {
            parts.network.listen(socket.orElseThrow(), listener);
        }
    }
}
