package io.portreeve.server.cgn;

import io.portreeve.pcp.PcpAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Whom a DS-Lite provider serves, and which external address each home has. One thread at a time. */
final class DsLiteHomes {

    private final Predicate<PcpAddress> b4s;
    private final int most;

    /** Those that the PCP server knows. Others have only sent something. */
    private final SubscriberTable known;

    /**
     * @param b4s whom it serves, by the address of the home's end of the tunnel
     * @param most homes that the PCP server may ask for
     */
    DsLiteHomes(List<PoolRange> pool, Predicate<PcpAddress> b4s, int most) {
        this.b4s = b4s;
        this.most = most;
        known = new SubscriberTable(pool);
    }

    List<PoolRange> pool() {
        return known.pool();
    }

    /** {@return the home, with its usual address if it is a new one} Errors: NOT_AUTHORIZED, NO_RESOURCES. */
    Subscriber get(SubscriberId id) throws CgnException {
        checkPlace(id);
        return known.get(id, PcpAddress.ANY_IPV4, () -> usualAddress(id));
    }

    /** {@return the home, with this external address} Errors: those of get, and that it has another one, or may not. */
    Subscriber create(SubscriberId id, PcpAddress external) throws CgnException {
        checkPlace(id);
        return known.create(id, external);
    }

    private void checkPlace(SubscriberId id) throws CgnException {
        checkServed(id);
        if (known.size() >= most && find(id).isEmpty()) {
            throw new CgnException(CgnError.NO_RESOURCES);
        }
    }

    private void checkServed(SubscriberId id) throws CgnException {
        if (id.address().isIpv4() || !b4s.test(id.address())) {
            throw new CgnException(CgnError.NOT_AUTHORIZED);
        }
        known.checkAuthorized(id);
    }

    /** {@return what a home has unless the PCP server says otherwise} The same after a restart: it depends on the B4 alone. */
    PcpAddress usualAddress(SubscriberId id) {
        var addresses = pool().stream().map(PoolRange::external).distinct().toList();
        return addresses.get(Math.floorMod(id.address().hashCode(), addresses.size()));
    }

    /** {@return the external address of a home, known or not} Error: NOT_AUTHORIZED. */
    PcpAddress externalOf(SubscriberId id) throws CgnException {
        checkServed(id);
        return find(id).map(Subscriber::external).orElseGet(() -> usualAddress(id));
    }

    Optional<Subscriber> find(SubscriberId id) {
        return known.find(id, PcpAddress.ANY_IPV4);
    }

    Optional<Subscriber> find(SubscriberHandle home) {
        return known.find(home);
    }

    /** From now on this home is not authorised. What it has stays. */
    void block(SubscriberId id) {
        known.block(id);
    }

    /** {@return the home that has gone; empty if it was not known} */
    Optional<Subscriber> remove(SubscriberId id) {
        return known.remove(id, PcpAddress.ANY_IPV4);
    }
}
