package io.portreeve.client.net;

import io.portreeve.pcp.PcpAddress;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/**
 * An address of this host.
 *
 * @param prefixLength of the network it is in, 0..32 for IPv4, 0..128 for IPv6
 * @param peer the one at the other end, on a point-to-point link that has such addresses
 */
public record InterfaceAddress(
        int interfaceIndex,
        PcpAddress address,
        int prefixLength,
        Scope scope,
        Set<Condition> conditions,
        Optional<PcpAddress> peer)
        implements Comparable<InterfaceAddress> {

    private static final Comparator<InterfaceAddress> ORDER = Comparator.comparingInt(InterfaceAddress::interfaceIndex)
            .thenComparing(InterfaceAddress::address)
            .thenComparing(InterfaceAddress::prefixLength);

    /** How far it is valid, narrowest first. */
    public enum Scope {
        HOST,
        LINK,
        SITE,
        GLOBAL
    }

    /** What can be said against or for an address. */
    public enum Condition {
        /** Made for privacy, and to be replaced soon. RFC 8981. */
        TEMPORARY,

        /** Not to be used for anything new. RFC 4862 section 5.5.4. */
        DEPRECATED,

        /** Not known to be this host's alone. RFC 4862 section 5.4. */
        TENTATIVE
    }

    public InterfaceAddress {
        conditions = Set.copyOf(conditions);
    }

    public boolean is(Condition condition) {
        return conditions.contains(condition);
    }

    /** {@return true if something new may begin with it} */
    public boolean isUsable() {
        return !is(Condition.DEPRECATED) && !is(Condition.TENTATIVE);
    }

    /** By interface. */
    @Override
    public int compareTo(InterfaceAddress other) {
        return ORDER.compare(this, other);
    }
}
