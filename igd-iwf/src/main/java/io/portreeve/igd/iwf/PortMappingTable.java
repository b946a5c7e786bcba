package io.portreeve.igd.iwf;

import io.portreeve.client.MappingKey;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What control points have made, found by both sides: UPnP knows a mapping by its external side, PCP by its internal one.
 * The order is that of making, and an index has no holes. Source: WANIPConnection:2 section 2.5.14.
 */
final class PortMappingTable {
    private final Map<PortMappingKey, PortMapping> byKey = new LinkedHashMap<>();
    private final Map<MappingKey, PortMapping> byPcpKey = new HashMap<>();

    Optional<PortMapping> get(PortMappingKey key) {
        return Optional.ofNullable(byKey.get(key));
    }

    Optional<PortMapping> get(MappingKey key) {
        return Optional.ofNullable(byPcpKey.get(key));
    }

    /** {@return an entry of that external port and protocol, whatever its remote host} */
    Optional<PortMapping> onPort(int externalPort, IpProtocol protocol) {
        return byKey.values().stream()
                .filter(it -> it.key().externalPort() == externalPort
                        && it.key().protocol().equals(protocol))
                .findFirst();
    }

    Optional<PortMapping> at(int index) {
        return byKey.values().stream().skip(index).findFirst();
    }

    Collection<PortMapping> all() {
        return byKey.values();
    }

    boolean isEmpty() {
        return byKey.isEmpty();
    }

    void put(PortMapping mapping) {
        Optional.ofNullable(byKey.put(mapping.key(), mapping)).ifPresent(before -> byPcpKey.remove(before.pcpKey()));
        byPcpKey.put(mapping.pcpKey(), mapping);
    }

    void remove(PortMappingKey key) {
        Optional.ofNullable(byKey.remove(key)).ifPresent(before -> byPcpKey.remove(before.pcpKey()));
    }

    List<PortMapping> ended(MonoTime now) {
        var ended = new ArrayList<PortMapping>();
        for (var mapping : byKey.values()) {
            if (!now.isBefore(mapping.lease().due())) {
                ended.add(mapping);
            }
        }
        return ended;
    }

    /** {@return when the first lease ends of the entries that {@code counts}} */
    MonoTime nextEnd(Predicate<PortMapping> counts) {
        var next = MonoTime.NEVER;
        for (var mapping : byKey.values()) {
            if (mapping.lease().due().isBefore(next) && counts.test(mapping)) {
                next = mapping.lease().due();
            }
        }
        return next;
    }
}
