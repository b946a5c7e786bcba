package io.portreeve.client.worlds;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.worlds.Chance;
import io.portreeve.worlds.Station;
import io.portreeve.worlds.VirtualNetwork;
import java.util.Optional;

/** The client's machine on the network: its address, which comes and goes, and the one socket that its client has. */
public final class Uplink {

    /** RFC 6887 section 19.1. */
    private static final int ANNOUNCEMENTS = 5350;

    private final VirtualNetwork network;
    private final Chance chance;
    private final VirtualNetwork.Listener listener;
    private PcpAddress address;
    private boolean isUp = true;
    private boolean isHeard;
    private Optional<Station> socket = Optional.empty();

    /** @param listener hears what comes for the client */
    public Uplink(VirtualNetwork network, Chance chance, PcpAddress address, VirtualNetwork.Listener listener) {
        this.network = network;
        this.chance = chance;
        this.address = address;
        this.listener = listener;
    }

    public boolean isUp() {
        return isUp;
    }

    /** {@return the address it has, or had last} */
    public PcpAddress address() {
        return address;
    }

    /** {@return where it hears what is said to all} */
    public Station forAll() {
        return new Station(address, ANNOUNCEMENTS);
    }

    public Optional<Station> socket() {
        return socket;
    }

    /** {@return true if what the socket sends leaves} */
    public boolean carries() {
        return isUp && socket.filter(it -> it.address().equals(address)).isPresent();
    }

    /** There is a client, which hears what is said to all. */
    public void listen() {
        isHeard = true;
        network.listen(forAll(), listener);
    }

    /** The client keeps its socket if that is still the right one, so that answers on the way arrive; else opens another. */
    public Optional<PcpAddress> connect() {
        if (!carries()) {
            disconnect();
            if (isUp) {
                socket = Optional.of(new Station(address, chance.nextInt(50_000, 60_000)));
            }
            hear();
        }
        return socket.map(Station::address);
    }

    public void disconnect() {
        socket.ifPresent(network::close);
        socket = Optional.empty();
    }

    /** The client is gone. */
    public void close() {
        disconnect();
        network.close(forAll());
        isHeard = false;
    }

    public void down() {
        socket.ifPresent(network::close);
        network.close(forAll());
        isUp = false;
    }

    public void up(PcpAddress another) {
        address = another;
        isUp = true;
        if (isHeard) {
            network.listen(forAll(), listener);
        }
        hear();
    }

    /** A socket lives longer than its address, and works again if that comes back. */
    private void hear() {
        if (carries()) {
            network.listen(socket.orElseThrow(), listener);
        }
    }
}
