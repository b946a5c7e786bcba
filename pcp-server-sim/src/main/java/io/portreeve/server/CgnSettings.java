package io.portreeve.server;

import io.portreeve.server.cgn.FirewallRules;
import io.portreeve.server.cgn.NftablesRules;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.softwire.TunnelSettings;
import java.util.List;

/** Which CGN it is, and what it leaves to the PCP server. */
public sealed interface CgnSettings {

    /** A CGN that is part of the program that has these settings. */
    sealed interface Here extends CgnSettings {}

    /** In memory: it carries no packets. With {@link PoolRange#ofFirewall()} it is a firewall, and translates nothing. */
    record Mock(List<PoolRange> pool) implements Here {
        public Mock {
            pool = List.copyOf(pool);
        }
    }

    /** The kernel of this machine. */
    record Nftables(NftablesRules rules) implements Here {}

    /** The kernel of this machine as a firewall that translates nothing. */
    record NftablesFirewall(FirewallRules rules) implements Here {}

    /**
     * The end of the tunnels of DS-Lite homes, in this program, and the kernel behind it.
     *
     * @param rules whose inside interface is made
     * @param tunnels which homes have them
     */
    record DsLite(NftablesRules rules, TunnelSettings tunnels) implements Here {}

    /**
     * Another program, which listens at this port of the loopback interface.
     *
     * @param port TCP
     */
    record Remote(int port) implements CgnSettings {}
}
