package io.portreeve.server.cgn;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.softwire.InnerHost;
import io.portreeve.server.softwire.Softwires;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * The hosts of all homes as the NAT behind the tunnels knows them: each is a subscriber of its own there, by its inside
 * address. All is done under the lock of the books.
 */
final class DsLiteHosts {
    /** What a CGN keeps longest without traffic: RFC 5382 REQ-5. */
    static final Duration IDLE = Duration.ofHours(2).plusMinutes(4);

    /** Between two looks for who is idle: one who always wants one host more would have it looked all the time. */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    /** Ends what there still is of hosts that have gone, whatever made it. */
    interface Cutting {
        CompletionStage<Void> cut(Set<PcpAddress> insides);
    }

    private final HostedCgn nat;
    private final Softwires softwires;
    private final Cutting cutting;
    private final Object lock;
    private final Map<PcpAddress, CompletableFuture<Subscriber>> subscribers = new HashMap<>();
    private MonoTime nextLook = MonoTime.START;

    DsLiteHosts(HostedCgn nat, Softwires softwires, Cutting cutting, Object lock) {
        this.nat = nat;
        this.softwires = softwires;
        this.cutting = cutting;
        this.lock = lock;
    }

    /** {@return the host's subscriber, there when the NAT is ready for its packets} It is in use until {@code when} at least. */
    Optional<CompletableFuture<Subscriber>> find(InnerHost host, MonoTime when) {
        return softwires.insideOf(host).map(inside -> {
            softwires.use(inside, when);
            return subscribers.get(inside);
        });
    }

    /** {@return the same for a host that has none yet} Error: NO_RESOURCES, and then idle ones go. */
    CompletableFuture<Subscriber> create(InnerHost host, PcpAddress external, MonoTime now, MonoTime when)
            throws CgnException {
        var assigned = softwires.assign(host, when);
        if (assigned.isEmpty()) {
            releaseIdle(now);
            throw new CgnException(CgnError.NO_RESOURCES);
        }
        var inside = assigned.get();
        var created = nat.createSubscriber(new SubscriberId(inside), external).toCompletableFuture();
        subscribers.put(inside, created);
        created.whenComplete((_, failure) -> {
            if (failure != null) {
                forget(inside, created);
            }
        });
        return created;
    }

    private void forget(PcpAddress inside, CompletableFuture<Subscriber> failed) {
        synchronized (lock) {
            if (subscribers.remove(inside, failed)) {
                softwires.retire(inside);
                softwires.free(inside);
            }
        }
    }

    /** Mappings keep their hosts. */
    private void releaseIdle(MonoTime now) {
        if (now.isBefore(nextLook)) {
            return;
        }
        nextLook = now.plus(PAUSE);
        var mapped =
                nat.table().stream().map(entry -> entry.subscriber().address()).collect(Collectors.toSet());
        var idle = softwires.idle(IDLE, now).stream()
                .filter(inside -> !mapped.contains(inside))
                .toList();
        release(idle);
    }

    /** {@return true if it is still the one that it was made for} */
    boolean isCurrent(Subscriber subscriber) {
        var known = subscribers.get(subscriber.id().address());
        return known != null && known.isDone() && known.resultNow().equals(subscriber);
    }

    Optional<InnerHost> hostOf(SubscriberId inside) {
        return softwires.hostAt(inside.address());
    }

    /** {@return when all hosts of a home have gone} */
    CompletionStage<Void> releaseOf(PcpAddress b4) {
        return release(softwires.of(b4));
    }

    /** Nobody gets their inside addresses before the last connection of theirs is cut: it would become his. */
    private CompletionStage<Void> release(Collection<PcpAddress> insides) {
        if (insides.isEmpty()) {
            return completedFuture(null);
        }
        insides.forEach(softwires::retire);
        insides.forEach(subscribers::remove);
        var deleted = insides.stream()
                .map(inside -> nat.deleteSubscriber(new SubscriberId(inside), PcpAddress.ANY_IPV4)
                        .toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(deleted)
                .thenCompose(_ -> cutting.cut(Set.copyOf(insides)))
                .thenRun(() -> free(insides));
    }

    private void free(Collection<PcpAddress> insides) {
        synchronized (lock) {
            insides.forEach(softwires::free);
        }
    }
}
