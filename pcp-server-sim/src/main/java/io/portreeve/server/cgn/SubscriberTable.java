package io.portreeve.server.cgn;

import io.portreeve.pcp.PcpAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whom a CGN serves, and who has which of its external addresses. One thread at a time. */
final class SubscriberTable {

    /** Who has one external address at most: a subscriber, as far as one of the two external families goes. */
    private record Line(SubscriberId id, PcpAddress any) {
        static Line of(SubscriberId id, PcpAddress external) {
            return new Line(id, external.anyOfFamily());
        }
    }

    /** How a new subscriber comes by its external address. */
    interface Choice {
        PcpAddress address() throws CgnException;
    }

    private final List<PoolRange> pool;
    private final List<PcpAddress> families;
    private final boolean translates;
    private final Map<PcpAddress, Integer> subscribersPerAddress = new LinkedHashMap<>();
    private final Map<Line, Subscriber> subscribers = new HashMap<>();
    private final Map<SubscriberHandle, Subscriber> byHandle = new HashMap<>();
    private final Set<SubscriberId> blocked = new HashSet<>();
    private long handles;

    SubscriberTable(List<PoolRange> pool) {
        this.pool = List.copyOf(pool);
        translates = pool.stream().noneMatch(PoolRange::isOfFirewall);
        families = pool.stream()
                .map(range -> range.external().anyOfFamily())
                .distinct()
                .toList();
        pool.forEach(range -> subscribersPerAddress.put(range.external(), 0));
    }

    List<PoolRange> pool() {
        return pool;
    }

    /** {@return all zeros of the family of {@code address}, or of the other one if no external address is of that} */
    PcpAddress familyLike(PcpAddress address) {
        var any = address.anyOfFamily();
        return families.isEmpty() || families.contains(any) ? any : families.getFirst();
    }

    /** {@return the subscriber} A new one gets an address of the family of {@code any}. */
    Subscriber get(SubscriberId id, PcpAddress any) throws CgnException {
        return get(id, any, () -> addressFor(id, any));
    }

    /** {@return the subscriber, with the address {@code external}, or any one of the family of all zeros} */
    Subscriber getOrCreate(SubscriberId id, PcpAddress external) throws CgnException {
        return external.isUnspecified() ? get(id, external) : create(id, external);
    }

    /** {@return what {@code id} gets: its own address, or of the family of {@code any} the one that the fewest have} */
    private PcpAddress addressFor(SubscriberId id, PcpAddress any) throws CgnException {
        if (translates) {
            return leastUsedAddress(any);
        }
        if (!id.address().anyOfFamily().equals(any)) {
            throw new CgnException(CgnError.NO_RESOURCES);
        }
        return id.address();
    }

    private PcpAddress leastUsedAddress(PcpAddress any) throws CgnException {
        return subscribersPerAddress.entrySet().stream()
                .filter(entry -> entry.getKey().anyOfFamily().equals(any))
                .min(Comparator.comparing(Map.Entry::getValue))
                .orElseThrow(() -> new CgnException(CgnError.NO_RESOURCES))
                .getKey();
    }

    /**
     * {@return the subscriber, with the address that {@code choice} makes if it is a new one}
     *
     * @param any all zeros of the external family
     */
    Subscriber get(SubscriberId id, PcpAddress any, Choice choice) throws CgnException {
        checkAuthorized(id);
        var known = subscribers.get(new Line(id, any));
        return known != null ? known : add(id, choice.address());
    }

    /** {@return the subscriber, with the address {@code external}} */
    Subscriber create(SubscriberId id, PcpAddress external) throws CgnException {
        checkAuthorized(id);
        if (!(translates ? isOurs(external) : external.equals(id.address()))) {
            throw new CgnException(CgnError.BAD_EXTERNAL_ADDRESS);
        }
        var known = subscribers.get(Line.of(id, external));
        if (known != null && !known.external().equals(external)) {
            throw new CgnException(CgnError.OTHER_EXTERNAL_ADDRESS);
        }
        return known != null ? known : add(id, external);
    }

    void checkAuthorized(SubscriberId id) throws CgnException {
        if (blocked.contains(id)) {
            throw new CgnException(CgnError.NOT_AUTHORIZED);
        }
    }

    /** {@return true if packets to this address are for subscribers}, and not for the internet. */
    boolean isOurs(PcpAddress external) {
        return subscribersPerAddress.containsKey(external)
                || !translates
                        && find(new SubscriberId(external), external.anyOfFamily())
                                .isPresent();
    }

    /** {@return true if {@code internal} of this subscriber may have {@code external}} Of a NAT the port does not matter. */
    boolean mayHave(Subscriber subscriber, Endpoint internal, Endpoint external) {
        return translates ? subscriber.external().equals(external.address()) : internal.equals(external);
    }

    private Subscriber add(SubscriberId id, PcpAddress external) {
        var added = new Subscriber(id, new SubscriberHandle(++handles), external);
        subscribers.put(Line.of(id, external), added);
        byHandle.put(added.handle(), added);
        subscribersPerAddress.computeIfPresent(external, (_, count) -> count + 1);
        return added;
    }

    int size() {
        return subscribers.size();
    }

    /** {@return the subscriber of a handle; empty if it is dead} */
    Optional<Subscriber> find(SubscriberHandle handle) {
        return Optional.ofNullable(byHandle.get(handle));
    }

    /** @param any all zeros of the external family */
    Optional<Subscriber> find(SubscriberId id, PcpAddress any) {
        return Optional.ofNullable(subscribers.get(new Line(id, any)));
    }

    /** {@return true if {@code internal} is the subscriber's own, or of a host behind it}: not another's, nor of the outside. */
    boolean mayLeadTo(PcpAddress internal, Subscriber subscriber) {
        return internal.equals(subscriber.id().address()) || isOfAHost(internal) && !isKnown(internal);
    }

    static boolean isOfAHost(PcpAddress address) {
        return !address.isUnspecified() && !address.toInetAddress().isMulticastAddress();
    }

    private boolean isKnown(PcpAddress address) {
        var id = new SubscriberId(address);
        return isOurs(address)
                || find(id, PcpAddress.ANY_IPV4).isPresent()
                || find(id, PcpAddress.ANY_IPV6).isPresent();
    }

    /**
     * {@return who has gone; empty if it was not there}
     *
     * @param external of the family that it goes from
     */
    Optional<Subscriber> remove(SubscriberId id, PcpAddress external) {
        var removed = Optional.ofNullable(subscribers.remove(Line.of(id, external)));
        removed.ifPresent(subscriber -> {
            byHandle.remove(subscriber.handle());
            subscribersPerAddress.computeIfPresent(subscriber.external(), (_, count) -> count - 1);
        });
        return removed;
    }

    /** From now on this subscriber is not authorised. What it has stays. */
    void block(SubscriberId id) {
        blocked.add(id);
    }
}
