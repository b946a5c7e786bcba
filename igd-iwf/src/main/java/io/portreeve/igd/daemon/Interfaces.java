package io.portreeve.igd.daemon;

import io.portreeve.igd.ssdp.LanPrefix;
import io.portreeve.pcp.PcpAddress;
import java.net.Inet4Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;

/** The machine's network interfaces, by name. */
final class Interfaces {
    private Interfaces() {}

    /** {@return its address, if it has one} @throws StartException if there is no such interface */
    static Optional<PcpAddress> address(String name) throws StartException {
        return ipv4(name).map(it -> PcpAddress.of(it.getAddress()));
    }

    static LanPrefix prefix(String name) throws StartException {
        var ipv4 = ipv4(name)
                .orElseThrow(() -> new StartException("network interface " + name + " has no IPv4 address yet"));
        try {
            return new LanPrefix(PcpAddress.of(ipv4.getAddress()), ipv4.getNetworkPrefixLength());
        } catch (IllegalArgumentException e) {
            throw new StartException("network interface " + name + " is no LAN: " + e.getMessage());
        }
    }

    private static Optional<InterfaceAddress> ipv4(String name) throws StartException {
        try {
            var found = NetworkInterface.getByName(name);
            if (found == null) {
                throw new StartException("there is no network interface " + name + "; 'ip link' shows those there are");
            }
            return found.getInterfaceAddresses().stream()
                    .filter(it -> it.getAddress() instanceof Inet4Address)
                    .findFirst();
        } catch (SocketException e) {
            throw new StartException("network interface " + name + " cannot be used: " + e.getMessage());
        }
    }
}
