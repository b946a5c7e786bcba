package io.portreeve.igd.daemon;

import io.portreeve.client.net.NetworkState;
import io.portreeve.client.net.RouteWatcher;
import io.portreeve.pcp.PcpAddress;
import java.io.IOException;
import java.util.Optional;

/** The machine's network interfaces when the gateway starts, by name. */
record Interfaces(NetworkState state) {

    static Interfaces read() throws StartException {
        try {
            return new Interfaces(RouteWatcher.now());
        } catch (IOException e) {
            throw new StartException("the network interfaces cannot be read: " + e.getMessage());
        }
    }

    /** {@return its address, if it has one} @throws StartException if there is no such interface */
    Optional<PcpAddress> address(String name) throws StartException {
        return named(name).address(Optional.empty());
    }

    /** {@return where hosts are served} @throws StartException if there is no such interface, or none of its addresses is of IPv4 */
    LanAddresses lan(String name, LanAddresses.Families families) throws StartException {
        var addresses = LanAddresses.of(named(name), Optional.empty(), families);
        if (addresses.ipv4().isEmpty()) {
            throw new StartException(
                    "network interface " + name + " has no IPv4 address yet of a network with room for hosts");
        }
        return addresses;
    }

    private InterfaceState named(String name) throws StartException {
        if (state.links().stream().noneMatch(it -> it.name().equals(name))) {
            throw new StartException("there is no network interface " + name + "; 'ip link' shows those there are");
        }
        return InterfaceState.of(name, state);
    }
}
