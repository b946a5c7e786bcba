package io.portreeve.igd.ssdp;

/** One address of the gateway on one of its LANs. A link with IPv4 and IPv6 counts as several. */
public record Lan(String interfaceName, LanPrefix prefix) {

    /** {@return the address as URLs and Host headers write it} Without a zone, which would mean nothing to anybody else. */
    public String host() {
        return prefix.address().toUrlHost();
    }

    /** {@return where control points search, and hear, this address} */
    SsdpGroup group() {
        if (prefix.address().isIpv4()) {
            return SsdpGroup.IPV4;
        }
        return prefix.address().isIpv6LinkLocal() ? SsdpGroup.IPV6_LINK : SsdpGroup.IPV6_SITE;
    }

    /**
     * {@return true if a socket bound to one of these is bound to the other as well} Only a link-local IPv6 address is another one
     * on another link.
     */
    public boolean sharesSocket(Lan other) {
        var address = prefix.address();
        return address.equals(other.prefix.address())
                && (!address.isIpv6LinkLocal() || interfaceName.equals(other.interfaceName));
    }

    /** {@return true if a host that searches one of these would find the other as well} */
    boolean sharesGroup(Lan other) {
        return interfaceName.equals(other.interfaceName) && group() == other.group();
    }
}
