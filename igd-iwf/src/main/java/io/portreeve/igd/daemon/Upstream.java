package io.portreeve.igd.daemon;

import io.portreeve.pcp.PcpAddress;
import java.util.Optional;

/**
 * Who opens ports besides the gateway's own NAT.
 *
 * @param server who is asked; empty if this is a gateway like any other
 * @param explained one line that says which, and why
 */
record Upstream(Optional<PcpAddress> server, String explained) {

    /** @throws StartException if there is neither a provider to ask nor a NAT of the gateway's own */
    static Upstream of(GatewaySettings settings, PcpAddress wan) throws StartException {
        boolean isPublic = PublicAddress.isPublic(wan);
        boolean translates = settings.nat() == GatewaySettings.Nat.NFTABLES;
        if (isPublic && !translates) {
            throw new StartException(
                    "the WAN address " + wan
                            + " is public: no provider is asked, and with nat = none nothing would open a port; set nat = nftables");
        }
        if (isPublic) {
            return new Upstream(
                    Optional.empty(), "ports are opened on this gateway alone: its WAN address " + wan + " is public");
        }
        return settings.pcpServer()
                .map(server -> new Upstream(
                        Optional.of(server),
                        "ports are opened by the PCP server " + server
                                + (translates
                                        ? " and this gateway's own NAT, at " + wan
                                        : "; this gateway only routes")))
                .orElseGet(() -> new Upstream(
                        Optional.empty(),
                        "ports are opened on this gateway alone, because no pcp-server is set; its WAN address " + wan
                                + " is not public, so nobody on the Internet reaches them"));
    }

    /** {@return who is asked, in a few words} */
    String asked() {
        return server.map(it -> "PCP server " + it).orElse("no PCP server");
    }
}
