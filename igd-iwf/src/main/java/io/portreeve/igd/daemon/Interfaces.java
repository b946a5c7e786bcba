package io.portreeve.igd.daemon;

import io.portreeve.igd.iwf.LanNetwork;
import io.portreeve.igd.ssdp.LanPrefix;
import io.portreeve.pcp.PcpAddress;
import java.net.Inet4Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/** The machine's network interfaces, by name. */
final class Interfaces {
    private Interfaces() {}

    static PcpAddress address(String name) throws StartException {
        return PcpAddress.of(ipv4(name).getAddress());
    }

    static LanPrefix prefix(String name) throws StartException {
        var ipv4 = ipv4(name);
        try {
            return new LanPrefix(PcpAddress.of(ipv4.getAddress()), ipv4.getNetworkPrefixLength());
        } catch (IllegalArgumentException e) {
            throw new StartException("network interface " + name + " is no LAN: " + e.getMessage());
        }
    }

    static LanNetwork network(String name) throws StartException {
        var prefix = prefix(name);
        return new LanNetwork(prefix.address(), prefix.prefixLength());
    }

    private static InterfaceAddress ipv4(String name) throws StartException {
        try {
            var found = NetworkInterface.getByName(name);
            if (found == null) {
                throw new StartException("there is no network interface " + name + "; 'ip link' shows those there are");
            }
            return found.getInterfaceAddresses().stream()
                    .filter(it -> it.getAddress() instanceof Inet4Address)
                    .findFirst()
                    .orElseThrow(() -> new StartException("network interface " + name + " has no IPv4 address yet"));
        } catch (SocketException e) {
            throw new StartException("network interface " + name + " cannot be used: " + e.getMessage());
        }
    }
}
