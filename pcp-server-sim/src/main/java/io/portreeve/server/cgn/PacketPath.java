package io.portreeve.server.cgn;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;

/** What becomes of packets in a CGN that its three tables describe. */
final class PacketPath {
    private final SubscriberTable subscribers;
    private final CgnTable table;
    private final ImplicitTable implicits;
    private final ExplicitTraffic explicits;

    PacketPath(SubscriberTable subscribers, CgnTable table, ImplicitTable implicits, ExplicitTraffic explicits) {
        this.subscribers = subscribers;
        this.table = table;
        this.implicits = implicits;
        this.explicits = explicits;
    }

    /**
     * {@return the packet as it comes out, on the internet's side or on another subscriber's line; empty if it is dropped}
     *
     * @param locked no new implicit mapping may be made for it
     */
    Optional<Packet> outbound(Packet packet, SubscriberId line, boolean locked, MonoTime now) {
        try {
            var subscriber =
                    subscriber(line, subscribers.familyLike(packet.destination().address()), locked);
            var inside = new InternalTuple(subscriber.handle(), packet.protocol(), packet.source());
            table.checkInside(inside);
            var leaving = packet.leaving(externalOf(inside, subscriber, packet, locked, now));
            return staysInside(packet) ? inbound(leaving, now) : Optional.of(leaving);
        } catch (CgnException e) {
            return Optional.empty();
        }
    }

    private boolean staysInside(Packet packet) {
        return subscribers.isOurs(packet.destination().address())
                || table.mappingOn(new ExternalTuple(packet.protocol(), packet.destination()))
                        .isPresent();
    }

    /** One who never asked has the address that it will have when it asks. */
    private Subscriber subscriber(SubscriberId line, PcpAddress any, boolean locked) throws CgnException {
        return locked
                ? subscribers.find(line, any).orElseThrow(() -> new CgnException(CgnError.NO_RESOURCES))
                : subscribers.get(line, any);
    }

    /** What has a flow keeps its port; what has none leaves by the explicit mapping. RFC 6887 section 11.3. */
    private Endpoint externalOf(
            InternalTuple inside, Subscriber subscriber, Packet packet, boolean locked, MonoTime now)
            throws CgnException {
        var implicit = implicits.of(inside, now);
        var flow = implicit.flatMap(it -> it.flowWith(packet.destination()));
        var explicit = flow.isEmpty() ? table.mappingOf(inside) : Optional.<CgnMapping>empty();
        if (explicit.isPresent()) {
            sent(packet, explicits.of(inside).open(packet.destination(), now), now);
            return explicit.get().external();
        }
        if (flow.isEmpty() && locked) {
            throw new CgnException(CgnError.NO_RESOURCES);
        }
        var mapping = implicit.isPresent() ? implicit.get() : implicits.create(inside, subscriber.external(), now);
        sent(packet, mapping.openFlow(packet.destination(), now), now);
        return mapping.external();
    }

    private static void sent(Packet packet, Flow flow, MonoTime now) {
        flow.sent(now);
        if (packet.isLast()) {
            flow.ends(now);
        }
    }

    /** {@return the packet as it reaches a subscriber's host; empty if it is dropped} */
    Optional<Packet> inbound(Packet packet, MonoTime now) {
        var to = new ExternalTuple(packet.protocol(), packet.destination());
        var byFlow = byFlow(to, packet, now); // what a filter keeps out may be an answer still
        return table.mappingOn(to)
                .flatMap(handle -> byMapping(handle, packet, now))
                .or(() -> byFlow);
    }

    private Optional<Packet> byMapping(PcpMapHandle handle, Packet packet, MonoTime now) {
        return table.mapping(handle)
                .filter(_ -> table.filterOf(handle)
                        .map(filter -> filter.admits(packet.source()))
                        .orElse(true))
                .map(mapping -> {
                    explicits
                            .of(InternalTuple.of(mapping))
                            .with(packet.source())
                            .filter(_ -> packet.isLast())
                            .ifPresent(flow -> flow.ends(now));
                    return packet.entering(idOf(mapping.subscriber()), mapping.internal());
                });
    }

    private SubscriberId idOf(SubscriberHandle handle) {
        return subscribers.find(handle).orElseThrow().id();
    }

    /** Only whom the host itself sent something. */
    private Optional<Packet> byFlow(ExternalTuple to, Packet packet, MonoTime now) {
        return implicits
                .on(to, now)
                .flatMap(mapping -> mapping.flowWith(packet.source()).map(flow -> {
                    if (packet.isLast()) {
                        flow.ends(now);
                    }
                    var inside = mapping.inside();
                    return packet.entering(idOf(inside.subscriber()), inside.internal());
                }));
    }
}
