package io.portreeve.igd.ssdp;

import io.portreeve.pcp.PcpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;

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

    /** {@return {@code address} on this link, and on no other} */
    public InetAddress scoped(PcpAddress address) {
        return address.toInetAddress(itself.getIndex());
    }
}
