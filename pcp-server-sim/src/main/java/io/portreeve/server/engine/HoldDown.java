package io.portreeve.server.engine;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The ports that are held back. No subscriber makes more of them unusable than it may have mappings. */
final class HoldDown {
    private record Place(IpProtocol protocol, Endpoint external) {
        static Place of(HeldPort held) {
            return new Place(held.protocol(), held.external());
        }
    }

    private final int mostPerSubscriber;

    /** The CGN still has their mappings. */
    private final Map<Place, HeldPort> ending = new HashMap<>();

    /** Their subscriber has them again, or is about to: what is made of them may still fail. */
    private final Map<Place, HeldPort> taken = new HashMap<>();

    private final Map<Place, HeldPort> byPlace = new HashMap<>();
    private final Map<MappingKey, Place> byKey = new HashMap<>();
    private final Map<SubscriberId, Set<Place>> bySubscriber = new HashMap<>();
    private final TreeMap<MonoTime, Set<Place>> byEnd = new TreeMap<>();

    HoldDown(int mostPerSubscriber) {
        this.mostPerSubscriber = mostPerSubscriber;
    }

    /** The mapping on this port ends: nobody gets it before {@link #settle}. */
    void begin(HeldPort held) {
        ending.put(Place.of(held), held);
    }

    /** The mapping on this port does not end after all. */
    void cancel(HeldPort held) {
        ending.remove(Place.of(held));
    }

    /** {@return those that end early to make room for this one, whose mapping the CGN has no longer} */
    List<HeldPort> settle(IpProtocol protocol, Endpoint external) {
        var place = new Place(protocol, external);
        taken.remove(place);
        return add(ending.remove(place));
    }

    /** {@return those that end early to make room for {@code held}} */
    List<HeldPort> add(HeldPort held) {
        var place = Place.of(held);
        byPlace.put(place, held);
        byKey.merge(held.key(), place, this::later);
        bySubscriber
                .computeIfAbsent(held.subscriber(), _ -> new LinkedHashSet<>())
                .add(place);
        byEnd.computeIfAbsent(held.until(), _ -> new LinkedHashSet<>()).add(place);
        var ended = new ArrayList<HeldPort>();
        var its = bySubscriber.get(held.subscriber());
        while (its.size() > mostPerSubscriber) {
            ended.add(remove(its.iterator().next()));
        }
        return ended;
    }

    /** {@return which of two ports of one key it had last} */
    private Place later(Place one, Place other) {
        return byPlace.get(one).until().isAfter(byPlace.get(other).until()) ? one : other;
    }

    /** {@return the port, if it is held for this subscriber}, which is held no longer. */
    Optional<HeldPort> take(SubscriberId subscriber, IpProtocol protocol, Endpoint external) {
        var place = new Place(protocol, external);
        return Optional.ofNullable(byPlace.get(place))
                .filter(held -> held.subscriber().equals(subscriber))
                .map(_ -> take(place));
    }

    /** {@return the port, for whomever it is held}, which is held no longer. */
    Optional<HeldPort> take(IpProtocol protocol, Endpoint external) {
        return Optional.of(new Place(protocol, external))
                .filter(byPlace::containsKey)
                .map(this::take);
    }

    /** {@return the port of {@code address} that {@code key} had last, if it is held and suits}, which is held no longer. */
    Optional<HeldPort> take(MappingKey key, PcpAddress address, Predicate<Endpoint> suits) {
        return Optional.ofNullable(byKey.get(key))
                .filter(place -> place.external().address().equals(address) && suits.test(place.external()))
                .map(this::take);
    }

    /** {@return the port of {@code address} that is held longest for this subscriber and suits}, which is held no longer. */
    Optional<HeldPort> takeOldest(
            SubscriberId subscriber, IpProtocol protocol, PcpAddress address, Predicate<Endpoint> suits) {
        return bySubscriber.getOrDefault(subscriber, Set.of()).stream()
                .filter(place -> place.protocol().equals(protocol)
                        && place.external().address().equals(address)
                        && suits.test(place.external()))
                .findFirst()
                .map(this::take);
    }

    /** {@return all ports of {@code address} that are held for this subscriber, the oldest first}, which are held no longer. */
    List<HeldPort> takeAll(SubscriberId subscriber, IpProtocol protocol, PcpAddress address) {
        return List.copyOf(bySubscriber.getOrDefault(subscriber, Set.of())).stream()
                .filter(place -> place.protocol().equals(protocol)
                        && place.external().address().equals(address))
                .map(this::take)
                .toList();
    }

    private HeldPort take(Place place) {
        var held = remove(place);
        taken.put(place, held);
        return held;
    }

    /** This port is its subscriber's no longer, whatever becomes of what is made of it. */
    void forget(IpProtocol protocol, Endpoint external) {
        taken.remove(new Place(protocol, external));
    }

    boolean hasTaken(IpProtocol protocol, Endpoint external) {
        return taken.containsKey(new Place(protocol, external));
    }

    /** {@return those that end early to make room for this one, which was taken for nothing} */
    List<HeldPort> putBack(IpProtocol protocol, Endpoint external) {
        return add(taken.remove(new Place(protocol, external)));
    }

    MonoTime nextEnd() {
        return byEnd.isEmpty() ? MonoTime.NEVER : byEnd.firstKey();
    }

    /** {@return those that end now}, which are held no longer. */
    List<HeldPort> ended(MonoTime now) {
        if (nextEnd().isAfter(now)) {
            return List.of();
        }
        var places = byEnd.headMap(now, true).values().stream()
                .flatMap(Collection::stream)
                .toList();
        return places.stream().map(this::remove).toList();
    }

    private HeldPort remove(Place place) {
        var held = byPlace.remove(place);
        byKey.remove(held.key(), place);
        remove(held.subscriber(), place, bySubscriber);
        remove(held.until(), place, byEnd);
        return held;
    }

    private static <K> void remove(K key, Place place, Map<K, Set<Place>> index) {
        index.computeIfPresent(key, (_, places) -> {
            places.remove(place);
            return places.isEmpty() ? null : places;
        });
    }
}
