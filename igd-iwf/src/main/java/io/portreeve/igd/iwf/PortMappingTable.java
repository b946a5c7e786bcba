package io.portreeve.igd.iwf;

import io.portreeve.client.MappingKey;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What control points have made, found by both sides: UPnP knows a mapping by its external side, PCP by its internal one.
 * The order is that of making, and an index has no holes. Source: WANIPConnection:2 section 2.5.14.
 */
final class PortMappingTable {

    /** When a lease ends. */
    private record End(MonoTime at, PortMappingKey key) {}

    private final Map<PortMappingKey, PortMapping> byKey = new LinkedHashMap<>();
    private final NavigableMap<PortMappingKey, PortMapping> byPort = new TreeMap<>(PortMappingKey.BY_PORT);
    private final Map<MappingKey, PortMapping> byPcpKey = new HashMap<>();
    private final NavigableSet<End> ends =
            new TreeSet<>(Comparator.comparing(End::at).thenComparing(End::key, PortMappingKey.BY_PORT));

    private final Map<PcpAddress, SequencedSet<PortMappingKey>> byHost = new HashMap<>();

    /** A control point reads one entry after the other. */
    private Optional<List<PortMapping>> listing = Optional.empty();

    private boolean hasChanged;

    Optional<PortMapping> get(PortMappingKey key) {
        return Optional.ofNullable(byKey.get(key));
    }

    Optional<PortMapping> get(MappingKey key) {
        return Optional.ofNullable(byPcpKey.get(key));
    }

    /** {@return an entry of that external port and protocol, whatever its remote host} */
    Optional<PortMapping> onPort(int externalPort, IpProtocol protocol) {
        var lowest = new PortMappingKey(Optional.empty(), externalPort, protocol);
        return Optional.ofNullable(byPort.ceilingEntry(lowest))
                .map(Map.Entry::getValue)
                .filter(found -> found.key().isOn(externalPort, protocol));
    }

    /** {@return true if another entry has the external port of {@code wanted}: another host's, or one for another remote host} */
    boolean isTaken(PortMapping wanted) {
        return onPort(wanted.key().externalPort(), wanted.key().protocol())
                .filter(held -> !held.internalClient().equals(wanted.internalClient())
                        || !held.key().equals(wanted.key()))
                .isPresent();
    }

    /** {@return the entries of {@code range}, by external port} */
    List<PortMapping> in(PortRange range) {
        return byPort.tailMap(new PortMappingKey(Optional.empty(), range.first(), IpProtocol.ALL)).values().stream()
                .takeWhile(it -> it.key().externalPort() <= range.last())
                .filter(it -> range.contains(it.key()))
                .toList();
    }

    /** {@return the entries that lead to {@code host}, in the order of making} */
    List<PortMapping> of(PcpAddress host) {
        return latestOf(host).toList().reversed();
    }

    int count(PcpAddress host) {
        return byHost.containsKey(host) ? byHost.get(host).size() : 0;
    }

    /** {@return the entries that lead to {@code host}, the last one made first} */
    Stream<PortMapping> latestOf(PcpAddress host) {
        return Optional.ofNullable(byHost.get(host)).stream()
                .flatMap(keys -> keys.reversed().stream())
                .map(byKey::get);
    }

    /** Makes the listing, if there is none: it takes longer the more entries there are, so not each change does. */
    void list() {
        if (listing.isEmpty()) {
            listing = Optional.of(List.copyOf(byKey.values()));
        }
    }

    /** {@return all entries in their order, if they were listed since the last change} */
    Optional<List<PortMapping>> listing() {
        return listing;
    }

    Collection<PortMapping> all() {
        return byKey.values();
    }

    boolean isEmpty() {
        return byKey.isEmpty();
    }

    int size() {
        return byKey.size();
    }

    /** {@return true if it has changed since this was asked last} */
    boolean takeChanged() {
        boolean was = hasChanged;
        hasChanged = false;
        return was;
    }

    void put(PortMapping mapping) {
        Optional.ofNullable(byKey.put(mapping.key(), mapping)).ifPresent(this::unindex);
        byPort.put(mapping.key(), mapping);
        byPcpKey.put(mapping.pcpKey(), mapping);
        byHost.computeIfAbsent(mapping.internalClient(), _ -> new LinkedHashSet<>())
                .add(mapping.key());
        staying(mapping);
        changed();
    }

    private void changed() {
        listing = Optional.empty();
        hasChanged = true;
    }

    void remove(PortMappingKey key) {
        Optional.ofNullable(byKey.remove(key)).ifPresent(this::unindex);
        changed();
    }

    private void unindex(PortMapping before) {
        byPort.remove(before.key());
        byPcpKey.remove(before.pcpKey());
        ends.remove(end(before));
        byHost.computeIfPresent(before.internalClient(), (_, keys) -> {
            keys.remove(before.key());
            return keys.isEmpty() ? null : keys;
        });
    }

    /** The end of {@code mapping} is waited for no more: it is being removed already. */
    void removing(PortMapping mapping) {
        ends.remove(end(mapping));
    }

    /** {@code mapping} is not removed after all. */
    void staying(PortMapping mapping) {
        if (!mapping.lease().due().equals(MonoTime.NEVER)) {
            ends.add(end(mapping));
        }
    }

    private static End end(PortMapping mapping) {
        return new End(mapping.lease().due(), mapping.key());
    }

    /** {@return the entries whose lease is over, the longest over first} */
    List<PortMapping> ended(MonoTime now) {
        var ended = new ArrayList<PortMapping>();
        for (var end : ends) {
            if (now.isBefore(end.at())) {
                break;
            }
            ended.add(byKey.get(end.key()));
        }
        return ended;
    }

    /** {@return when the first lease ends of the entries that {@code counts}} */
    MonoTime nextEnd(Predicate<PortMapping> counts) {
        for (var end : ends) {
            if (counts.test(byKey.get(end.key()))) {
                return end.at();
            }
        }
        return MonoTime.NEVER;
    }
}
