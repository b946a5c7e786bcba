package io.portreeve.igd.ssdp;

import io.portreeve.pcp.PcpAddress;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;

/** A network interface that is there. */
public record LanLink(NetworkInterface itself) {

    /** @throws IOException if there is none of that name; its message is one line and says what to do */
    public static LanLink of(String name) throws IOException {
        var link = NetworkInterface.getByName(name);
        if (link == null) {
            throw new IOException("there is no network interface " + name + "; 'ip link' shows those there are");
        }
        return new LanLink(link);
    }

    /**
     * {@return {@code address} on this link, and on no other} A socket bound to a link-local address hears this link only: another
     * one, the WAN too, has the same prefix.
     */
    public InetAddress scoped(PcpAddress address) throws IOException {
        if (address.isIpv4()) {
            return address.toInetAddress();
        }
        var octets = ByteBuffer.allocate(16).putLong(address.high()).putLong(address.low());
        return Inet6Address.getByAddress(null, octets.array(), itself.getIndex());
    }
}
