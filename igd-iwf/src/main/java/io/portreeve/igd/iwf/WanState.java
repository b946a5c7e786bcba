package io.portreeve.igd.iwf;

import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** The WAN connection as control points see it; a PCP server that is out of reach is no loss of the connection. */
final class WanState {
    /** A host may have ten thousand that the provider has not answered yet. */
    private static final int ENTRIES_LOOKED_AT = 8;

    private static final long MAX_UI4 = 0xFFFF_FFFFL;

    /** So long may it take to have another mapping in place of the last one. */
    private static final Duration SWITCHING = Duration.ofMinutes(1);

    /** So long the provider may take to tell an address, before the gateway's own is shown, if that may be. */
    private static final Duration UNTIL_OWN = Duration.ofSeconds(8);

    private final Supplier<IwfPolicy> policy;
    private final PortMappingTable table;
    private final Grants grants;
    private final Outbox out;
    private Optional<PcpAddress> external = Optional.empty();

    /** What is granted, or was a moment ago. */
    private Optional<PcpAddress> held = Optional.empty();

    private Optional<MonoTime> wanSince = Optional.empty();
    private Optional<PcpAddress> own = Optional.empty();

    /** When the gateway's own address is shown if nothing is granted, and it opens ports by itself. */
    private MonoTime ownFrom = MonoTime.NEVER;

    private boolean wanIsGone;
    private boolean linkUp;

    /** When an address that nothing is granted on is shown no more. */
    private MonoTime goneAt = MonoTime.NEVER;

    private long updateId;
    private Optional<GatewayState> published = Optional.empty();

    WanState(Supplier<IwfPolicy> policy, PortMappingTable table, Grants grants, Outbox out) {
        this.policy = policy;
        this.table = table;
        this.grants = grants;
        this.out = out;
    }

    boolean isConnected() {
        return wanSince.isPresent();
    }

    MonoTime nextDue() {
        return goneAt.earlier(external.isEmpty() && policy.get().opensByItself() ? ownFrom : MonoTime.NEVER);
    }

    /** {@return the address that {@code host} is reached at: that of what it made last, or else the gateway's} RFC 6970 section 4.1. */
    Optional<PcpAddress> external(PcpAddress host) {
        return external.flatMap(common -> ofEntries(host).or(() -> Optional.of(common)));
    }

    /** {@return the address that the provider has given {@code host}, or else the one it has given last} */
    Optional<PcpAddress> granted(PcpAddress host) {
        return ofEntries(host).or(grants::last);
    }

    private Optional<PcpAddress> ofEntries(PcpAddress host) {
        return table.latestOf(host)
                .limit(ENTRIES_LOOKED_AT)
                .flatMap(entry -> grants.of(entry.pcpKey()).stream())
                .findFirst();
    }

    void answered(long id, MappingOutcome outcome) {
        grants.answered(id, outcome).ifPresent(this::check);
    }

    void granted(MappingKey key, PcpAddress address) {
        grants.granted(key, address);
        check(address);
    }

    private void check(PcpAddress address) {
        if (!Grants.isBelievable(address)) {
            out.add(new IwfEffect.Audit(new AuditRecord(
                    AuditRecord.What.NO_ADDRESS,
                    Optional.empty(),
                    Optional.empty(),
                    "the provider has given " + address + ", where nobody is reached")));
        }
    }

    void lost(MappingKey key) {
        grants.lost(key);
    }

    /** No other mapping is on its way that would tell the address: it is not known any more. */
    void nothingFollows() {
        if (grants.isEmpty()) {
            goneAt = MonoTime.START;
        }
    }

    /** What the provider before gave leads nowhere any more, and its address is not shown while the next one has given none. */
    void providerChanged() {
        grants.loseAll();
        nothingFollows();
    }

    /** Makes the address that is shown that of what is granted. It stays for a while when nothing is. */
    void settle(MonoTime now) {
        if (!grants.isEmpty()) {
            held = grants.last();
        } else if (held.isPresent()) {
            goneAt = goneAt.earlier(now.plus(SWITCHING));
            held = held.filter(_ -> now.isBefore(goneAt));
        }
        if (!grants.isEmpty() || held.isEmpty()) {
            goneAt = MonoTime.NEVER;
        }
        externalIs(wanIsGone ? Optional.empty() : held.or(() -> shownOwn(now)));
    }

    private Optional<PcpAddress> shownOwn(MonoTime now) {
        return own.filter(_ -> policy.get().opensByItself() && !now.isBefore(ownFrom));
    }

    private void externalIs(Optional<PcpAddress> address) {
        if (!external.equals(address)) {
            external = address;
            out.add(new IwfEffect.Announce(address));
        }
    }

    void wanIs(Optional<PcpAddress> address, MonoTime now) {
        wanSince = address.map(_ -> wanSince.orElse(now));
        wanIsGone = address.isEmpty();
        own = address;
        ownFrom = own.isPresent() ? now.plus(UNTIL_OWN) : MonoTime.NEVER;
    }

    void linkIs(boolean up) {
        linkUp = up;
    }

    WanReading reading() {
        return new WanReading(external, grants.areAtOneAddress(), wanSince);
    }

    /** Control points that still know the number of an earlier run must see that something may have changed. */
    void countFrom(long earlier) {
        updateId = earlier;
    }

    long updateIdAfter(int changes) {
        return updateId + changes & MAX_UI4;
    }

    GatewayState state() {
        return new GatewayState(linkUp, isConnected(), external, table.size(), updateId);
    }

    /** Tells what is new, once for all that one event has changed. */
    void publish() {
        if (table.takeChanged()) {
            updateId = updateIdAfter(1);
        }
        var state = state();
        if (!published.equals(Optional.of(state))) {
            published = Optional.of(state);
            out.add(new IwfEffect.Publish(state));
        }
    }
}
