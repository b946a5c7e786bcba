package io.portreeve.igd.iwf;

import io.portreeve.pcp.IpProtocol;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The ports of the gateway's WAN address, each for one entry at most: the one that is wanted outside if it is free, or else the
 * lowest free one. A gateway that does not translate has none. Source: RFC 6970 section 5.5.
 */
final class NatPorts {
    private static final int LOWEST = 1024;
    private static final int HIGHEST = 65_535;

    private final boolean translates;
    private final Map<IpProtocol, BitSet> taken = new HashMap<>();
    private final Set<WanPort> retired = new HashSet<>();

    /** By which external port PCP may still know each. */
    private final Map<WanPort, Integer> buried = new HashMap<>();

    NatPorts(IwfPolicy policy) {
        translates = policy.translates();
        policy.ownPorts().forEach(own -> taken(own.protocol()).set(own.port()));
    }

    /** {@return {@code wanted} with a port of its own, which it may have already, or with none if that is not needed; empty if all ports are taken} */
    Optional<PortMapping> reserve(PortMapping wanted) {
        if (!translates) {
            return Optional.of(wanted.through(OptionalInt.empty()));
        }
        if (wanted.natPort().isPresent()) {
            return Optional.of(wanted);
        }
        var ports = taken(wanted.key().protocol());
        int asked = wanted.key().externalPort();
        boolean isFree = asked != 0
                && (!ports.get(asked) || rises(new WanPort(wanted.key().protocol(), asked)));
        int port = isFree ? asked : ports.nextClearBit(LOWEST);
        if (port > HIGHEST) {
            return Optional.empty();
        }
        ports.set(port);
        return Optional.of(wanted.through(OptionalInt.of(port)));
    }

    /** {@return true if {@code port} was buried, and what PCP may still hold for it is what is wanted of PCP again} */
    private boolean rises(WanPort port) {
        return !retired.contains(port) && buried.remove(port, port.port());
    }

    /** {@return {@code stored}, each with a port of its own} An entry keeps the port it has, so that its connections live on. */
    List<PortMapping> restore(Collection<PortMapping> stored) {
        var kept = new HashSet<PortMappingKey>();
        for (var mapping : stored) {
            if (keepsPort(mapping)) {
                kept.add(mapping.key());
            }
        }
        var restored = new ArrayList<PortMapping>();
        for (var mapping : stored) {
            (kept.contains(mapping.key()) ? Optional.of(mapping) : reserve(mapping.through(OptionalInt.empty())))
                    .ifPresent(restored::add);
        }
        return restored;
    }

    private boolean keepsPort(PortMapping mapping) {
        if (!translates || mapping.natPort().isEmpty()) {
            return false;
        }
        var ports = taken(mapping.key().protocol());
        int port = mapping.natPort().getAsInt();
        boolean free = !ports.get(port);
        ports.set(port);
        return free;
    }

    void release(PortMapping mapping) {
        wanPort(mapping)
                .filter(port -> !retired.contains(port) && !buried.containsKey(port))
                .ifPresent(port -> taken(port.protocol()).clear(port.port()));
    }

    /** The port of {@code mapping} is given to nobody else in this run: its rule could not be removed, and leads there still. */
    void retire(PortMapping mapping) {
        wanPort(mapping).ifPresent(retired::add);
    }

    /**
     * PCP may still hold what was deleted for {@code mapping}, under another external port than the next one wants that has its
     * port: it is given only to one that wants the same.
     */
    void bury(PortMapping mapping) {
        wanPort(mapping).ifPresent(port -> buried.put(port, mapping.key().externalPort()));
    }

    /** PCP holds nothing for {@code mapping} any more, which {@code isGone} if it is no entry any more either. */
    void unbury(PortMapping mapping, boolean isGone) {
        var port = wanPort(mapping);
        if (port.isPresent() && buried.remove(port.get()) != null && isGone) {
            release(mapping);
        }
    }

    private static Optional<WanPort> wanPort(PortMapping mapping) {
        return mapping.natPort().isPresent()
                ? Optional.of(
                        new WanPort(mapping.key().protocol(), mapping.natPort().getAsInt()))
                : Optional.empty();
    }

    private BitSet taken(IpProtocol protocol) {
        return taken.computeIfAbsent(protocol, _ -> new BitSet());
    }
}
