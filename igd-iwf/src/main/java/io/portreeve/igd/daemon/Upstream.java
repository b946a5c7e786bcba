package io.portreeve.igd.daemon;

import io.portreeve.igd.iwf.IwfPolicy;
import io.portreeve.igd.iwf.WanPort;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;
import java.util.Set;

/**
 * Who opens ports besides the gateway's own NAT.
 *
 * @param server who is asked; empty if this is a gateway like any other
 * @param wan the address it is asked from; empty while there is none
 * @param explained one line that says which, and why
 */
record Upstream(Optional<PcpAddress> server, Optional<PcpAddress> wan, String explained) {

    /** @throws StartException if there is neither a provider to ask nor a NAT of the gateway's own */
    static Upstream of(GatewaySettings settings, Optional<PcpAddress> wan) throws StartException {
        if (wan.isEmpty()) {
            var explained = "network interface " + settings.wanInterface()
                    + " has no IPv4 address yet: ports are opened as soon as it has one";
            return new Upstream(Optional.empty(), wan, explained);
        }
        var address = wan.get();
        boolean isPublic = PublicAddress.isPublic(address);
        boolean translates = settings.nat() == GatewaySettings.Nat.NFTABLES;
        if (isPublic && !translates) {
            throw new StartException(
                    "the WAN address " + address
                            + " is public: no provider is asked, and with nat = none nothing would open a port; set nat = nftables");
        }
        if (isPublic) {
            return new Upstream(
                    Optional.empty(),
                    wan,
                    "ports are opened on this gateway alone: its WAN address " + address + " is public");
        }
        return settings.pcpServer()
                .map(server -> new Upstream(
                        Optional.of(server),
                        wan,
                        "ports are opened by the PCP server " + server
                                + (translates
                                        ? " and this gateway's own NAT, at " + address
                                        : "; this gateway only routes")))
                .orElseGet(() -> new Upstream(
                        Optional.empty(),
                        wan,
                        "ports are opened on this gateway alone, because no pcp-server is set; its WAN address "
                                + address + " is not public, so nobody on the Internet reaches them"));
    }

    /** {@return true if what was asked of {@code other} needs not be asked again: a server is the same from wherever it is asked} */
    boolean asksTheSame(Upstream other) {
        return server.equals(other.server) && (server.isPresent() || wan.equals(other.wan));
    }

    /** {@return the ports of the external address that the gateway itself uses} */
    Set<WanPort> portsInUse() {
        return server.isPresent() ? Set.of() : IwfPolicy.TRANSLATING.ownPorts();
    }

    /** {@return who is asked, in a few words} */
    String asked() {
        return server.map(it -> "PCP server " + it).orElse(wan.isPresent() ? "no PCP server" : "no WAN address yet");
    }
}
