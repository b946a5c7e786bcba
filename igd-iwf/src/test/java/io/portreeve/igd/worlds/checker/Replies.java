package io.portreeve.igd.worlds.checker;

import io.portreeve.igd.iwf.IgdAction;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.igd.iwf.IgdReply;
import io.portreeve.igd.iwf.PortMappingKey;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.worlds.InvariantBroken;
import java.time.Duration;
import java.util.Optional;

/** Says whether what a host is told is true. */
final class Replies {
    private static final long WEEK = Duration.ofDays(7).toSeconds();
    private static final Duration NOTICING = Duration.ofMillis(20);

    private final Dumps dumps;
    private final Promises promises;
    private final HeardGrants heard;
    private final ToldGrants told;
    private boolean isConnected;
    private MonoTime connectedSince = MonoTime.START;

    Replies(Dumps dumps, Promises promises, HeardGrants heard, ToldGrants told) {
        this.dumps = dumps;
        this.promises = promises;
        this.heard = heard;
        this.told = told;
    }

    void wanIs(Optional<PcpAddress> address) {
        isConnected = address.isPresent();
        connectedSince = dumps.time();
    }

    /** {@return what {@code reply} promises} */
    Optional<Promise> check(Asked asked, IgdReply reply) {
        if (reply instanceof IgdReply.Entry entry) {
            read(asked, entry);
        } else if (reply instanceof IgdReply.Listing(var entries, var _)) {
            entries.forEach(entry -> read(asked, entry));
        } else if (reply instanceof IgdReply.ExternalAddress(var address)) {
            address(address);
        }
        return switch (asked.action()) {
            case IgdAction.AddPortMapping add
            when reply instanceof IgdReply.Done -> Optional.of(added(asked, add, add.key()));
            case IgdAction.AddAnyPortMapping add
            when reply instanceof IgdReply.ReservedPort(int port) ->
                Optional.of(added(
                        asked,
                        add,
                        new PortMappingKey(
                                add.key().remoteHost(), port, add.key().protocol())));
            case IgdAction.DeletePortMapping(var key)
            when reply instanceof IgdReply.Done -> {
                dumps.rows().stream().filter(row -> row.key().equals(key)).forEach(row -> {
                    throw new InvariantBroken("deleted", row + " is still stored");
                });
                yield Optional.empty();
            }
            default -> Optional.empty();
        };
    }

    private Promise added(Asked asked, IgdAction.Add add, PortMappingKey key) {
        must("foreign", add.internalClient().equals(asked.host()), asked);
        var row = dumps.rows().stream()
                .filter(it -> it.key().equals(key)
                        && it.internalClient().equals(asked.host())
                        && it.internalPort() == add.internalPort())
                .findFirst()
                .orElseThrow(() -> new InvariantBroken("told before it was stored", asked + ", " + key));
        must(
                "told before it leads there",
                !dumps.translates() || dumps.natRules().contains(row.rule()),
                row);
        var external = heard.of(row.inside(), dumps.time());
        // whoever renews relies on what the client said last: it does not say what ends while it asks again after a
        // loss
        boolean isGranted =
                external.filter(it -> it.port() == key.externalPort()).isPresent()
                        || asked.found(row) && told.has(row.inside());
        must("told before it was granted", isGranted, row + ", granted: " + external);
        long lease = lease(add.leaseSeconds(), asked.face());
        var time = Duration.ofSeconds(lease);
        return new Promise(
                key,
                asked.host(),
                add.internalPort(),
                lease == 0 ? MonoTime.NEVER : asked.at().plus(time),
                lease == 0 ? MonoTime.NEVER : dumps.time().plus(time),
                row);
    }

    /** WANIPConnection:2 section 2.3.16. */
    private static long lease(long asked, IgdFace face) {
        if (asked == 0) {
            return face == IgdFace.V1 ? 0 : WEEK;
        }
        return Math.min(asked, WEEK);
    }

    private void read(Asked asked, IgdReply.Entry entry) {
        boolean isOwn = entry.internalClient().equals(asked.host());
        boolean isForAll = asked.face() == IgdFace.V1 && asked.action() instanceof IgdAction.GetGenericPortMappingEntry;
        must("foreign", isOwn || isForAll, asked + " reads " + entry);
        promises.of(entry.key()).ifPresent(promise -> lease(promise, entry));
    }

    private void lease(Promise promise, IgdReply.Entry entry) {
        boolean isInfinite = promise.latest().equals(MonoTime.NEVER);
        must("lease", isInfinite == (entry.leaseSeconds() == 0), entry + ", promised: " + promise);
        if (!isInfinite) {
            long least = dumps.time().until(promise.earliest()).toSeconds() - 1;
            long most = Math.max(0, dumps.time().until(promise.latest()).toSeconds()) + 1;
            must("lease", least <= entry.leaseSeconds() && entry.leaseSeconds() <= most, entry + ", " + promise);
        }
    }

    private void address(Optional<PcpAddress> address) {
        address.ifPresent(it -> must("external address", heard.hasEverHad(it), it));
        boolean shouldBe = isConnected
                && connectedSince.plus(NOTICING).isBefore(dumps.time())
                && told.hasHadSomethingFor(NOTICING, dumps.time());
        must("external address", address.isPresent() || !shouldBe, "empty while something is granted");
    }

    private static void must(String invariant, boolean holds, Object what) {
        if (!holds) {
            throw new InvariantBroken(invariant, what.toString());
        }
    }
}
