package io.portreeve.server;

import io.portreeve.server.cgn.NftablesRules;
import io.portreeve.server.cgn.PoolRange;
import java.util.List;

/** Which CGN it is, and what it leaves to the PCP server. */
public sealed interface CgnSettings {

    /** {@return one range for each external address and protocol} */
    List<PoolRange> pool();

    /** In memory: it carries no packets. With {@link PoolRange#ofFirewall()} it is a firewall, and translates nothing. */
    record Mock(List<PoolRange> pool) implements CgnSettings {
        public Mock {
            pool = List.copyOf(pool);
        }
    }

    /** The kernel of this machine. */
    record Nftables(NftablesRules rules) implements CgnSettings {
        @Override
        public List<PoolRange> pool() {
            return rules.pool();
        }
    }
}
