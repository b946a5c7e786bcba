package io.portreeve.igd.ssdp;

import io.portreeve.pcp.PcpAddress;

/**
 * Where searches and announcements go. UPnP Device Architecture 1.1 section 1, annex A section A.2.3.
 *
 * <p>What is said to the group of a link names a link-local address, what is said to that of a site one that is valid all over it.
 */
enum SsdpGroup {
    IPV4("239.255.255.250", "239.255.255.250"),
    IPV6_LINK("ff02::c", "[FF02::C]"),
    IPV6_SITE("ff05::c", "[FF05::C]");

    static final int PORT = 1900;

    final Endpoint endpoint;

    /** The HOST header of what is sent there. */
    final String host;

    SsdpGroup(String address, String host) {
        this.endpoint = new Endpoint(PcpAddress.parse(address), PORT);
        this.host = host + ":" + PORT;
    }
}
