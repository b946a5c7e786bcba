package io.portreeve.server.cgn;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The implicit mappings that a CGN was asked for, one for each remote peer. What traffic makes by itself is not among them, so
 * the peers of one internal endpoint need not have one port. One thread at a time.
 */
final class DynamicMaps {
    /** Whose traffic with whom. */
    record FiveTuple(IpProtocol protocol, Endpoint internal, Endpoint remote) {
        private Inside inside() {
            return new Inside(protocol, internal);
        }
    }

    record Entry(SubscriberHandle subscriber, FiveTuple traffic, Endpoint external) {
        private ExternalTuple outside() {
            return new ExternalTuple(traffic.protocol(), external);
        }
    }

    private record Inside(IpProtocol protocol, Endpoint internal) {}

    private record Due(MonoTime at, Entry entry) {}

    private final Map<FiveTuple, Entry> entries = new HashMap<>();
    private final Map<Entry, Flow> flows = new HashMap<>();
    private final Map<SubscriberHandle, Map<Inside, Set<Entry>>> bySubscriber = new HashMap<>();
    private final Map<ExternalTuple, Set<Endpoint>> remotes = new HashMap<>();
    private final PriorityQueue<Due> dues = new PriorityQueue<>(Comparator.comparing(Due::at));
    private final Map<List<Object>, RandomPorts> ports = new HashMap<>();
    private final PortSpan implicit;
    private final int mostPerSubscriber;
    private final RandomGenerator random;

    DynamicMaps(PortSpan implicit, int mostPerSubscriber, RandomGenerator random) {
        this.implicit = implicit;
        this.mostPerSubscriber = mostPerSubscriber;
        this.random = random;
    }

    Optional<Entry> find(FiveTuple traffic) {
        return Optional.ofNullable(entries.get(traffic));
    }

    int size() {
        return entries.size();
    }

    /**
     * {@return a new entry for traffic that has none; nothing is promised yet} It has the port of the same host's others, or
     * one by chance. Errors: QUOTA, NO_RESOURCES.
     *
     * @param inUse the external endpoint that the traffic has already
     */
    Entry add(Subscriber subscriber, FiveTuple traffic, Optional<Endpoint> inUse, MonoTime now) throws CgnException {
        var its = bySubscriber.getOrDefault(subscriber.handle(), Map.of());
        var siblings = its.getOrDefault(traffic.inside(), Set.of());
        if (siblings.isEmpty() && its.size() >= mostPerSubscriber) {
            throw new CgnException(CgnError.QUOTA);
        }
        var external = inUse.filter(end -> isImplicit(end, subscriber))
                .or(() -> siblings.stream().map(Entry::external).findFirst());
        var entry = new Entry(
                subscriber.handle(),
                traffic,
                external.isPresent() ? external.get() : draw(traffic.protocol(), subscriber.external()));
        if (remotes.getOrDefault(entry.outside(), Set.of()).contains(traffic.remote())) {
            throw new CgnException(CgnError.NO_RESOURCES); // chance gave the same port twice
        }
        put(entry, now);
        return entry;
    }

    /** What began while no rules were in force, or while it had another address, is nothing to go by. */
    private boolean isImplicit(Endpoint external, Subscriber subscriber) {
        return external.address().equals(subscriber.external()) && implicit.contains(external.port());
    }

    private Endpoint draw(IpProtocol protocol, PcpAddress external) throws CgnException {
        int port = portsOf(protocol, external).take(random).orElseThrow(() -> new CgnException(CgnError.NO_RESOURCES));
        return new Endpoint(external, port);
    }

    private RandomPorts portsOf(IpProtocol protocol, PcpAddress external) {
        return ports.computeIfAbsent(List.of(protocol, external), _ -> RandomPorts.of(protocol, implicit));
    }

    private void put(Entry entry, MonoTime now) {
        entries.put(entry.traffic(), entry);
        flows.put(entry, new Flow(entry.traffic().protocol(), now));
        bySubscriber
                .computeIfAbsent(entry.subscriber(), _ -> new LinkedHashMap<>())
                .computeIfAbsent(entry.traffic().inside(), _ -> new LinkedHashSet<>())
                .add(entry);
        remotes.computeIfAbsent(entry.outside(), _ -> new HashSet<>())
                .add(entry.traffic().remote());
        var external = entry.external();
        portsOf(entry.traffic().protocol(), external.address()).take(external.port());
    }

    /** {@return until when {@code entry} lives now: {@code until} at least} */
    MonoTime promise(Entry entry, MonoTime until) {
        var flow = flows.get(entry);
        flow.promise(until);
        dues.add(new Due(flow.until(), entry));
        return flow.until();
    }

    MonoTime nextDue() {
        return dues.isEmpty() ? MonoTime.NEVER : dues.peek().at();
    }

    /** {@return what was promised for {@code traffic}, if that is the subscriber's} */
    Optional<LiveTraffic> promised(FiveTuple traffic, SubscriberHandle subscriber, MonoTime now) {
        return find(traffic)
                .filter(entry -> entry.subscriber().equals(subscriber))
                .map(entry -> LiveTraffic.of(entry.external(), flows.get(entry).until(), now));
    }

    /** {@return those that live no longer, which are gone} */
    List<Entry> expire(MonoTime now) {
        var expired = new ArrayList<Entry>();
        while (!nextDue().isAfter(now)) {
            var entry = dues.remove().entry();
            var flow = flows.get(entry);
            if (flow != null && !flow.until().isAfter(now)) {
                remove(entry);
                expired.add(entry);
            }
        }
        return expired;
    }

    /** {@return those of a subscriber, which are gone} */
    List<Entry> removeOf(SubscriberHandle subscriber) {
        var its = bySubscriber.getOrDefault(subscriber, Map.of()).values().stream()
                .flatMap(Set::stream)
                .toList();
        its.forEach(this::remove);
        return its;
    }

    /** {@return false if it has gone already} */
    boolean remove(Entry entry) {
        if (!entries.remove(entry.traffic(), entry)) {
            return false;
        }
        flows.remove(entry);
        bySubscriber.computeIfPresent(entry.subscriber(), (_, its) -> {
            its.computeIfPresent(entry.traffic().inside(), (_, siblings) -> {
                siblings.remove(entry);
                return siblings.isEmpty() ? null : siblings;
            });
            return its.isEmpty() ? null : its;
        });
        var its = remotes.get(entry.outside());
        its.remove(entry.traffic().remote());
        if (its.isEmpty()) {
            remotes.remove(entry.outside());
            var external = entry.external();
            portsOf(entry.traffic().protocol(), external.address()).giveBack(external.port());
        }
        return true;
    }
}
