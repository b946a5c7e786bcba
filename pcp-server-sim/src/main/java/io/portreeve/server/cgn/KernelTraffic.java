package io.portreeve.server.cgn;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.portreeve.netfilter.Connections;
import io.portreeve.netfilter.Element;
import io.portreeve.netfilter.InnerEndpoint;
import io.portreeve.netfilter.LiveConnection;
import io.portreeve.netfilter.NetfilterException;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.MonoClock;
import io.portreeve.runtime.Owned;
import io.portreeve.runtime.Owner;
import io.portreeve.server.cgn.DynamicMaps.FiveTuple;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * What traffic through the kernel has without an explicit mapping: the kernel's own connections, and the implicit mappings that
 * a CGN was asked for. All is done under the lock of the books.
 */
final class KernelTraffic implements AutoCloseable {
    private final CgnTable table;
    private final KernelClaims kernel;
    private final Connections connections;
    private final DynamicMaps dynamics;
    private final MonoClock clock;
    private final Object lock;
    private final Owner<DynamicMaps.Entry> expiry;

    /** @param onFailure called once if nothing expires any more */
    KernelTraffic(
            CgnTable table,
            KernelClaims kernel,
            Connections connections,
            DynamicMaps dynamics,
            MonoClock clock,
            Consumer<Throwable> onFailure,
            Object lock) {
        this.table = table;
        this.kernel = kernel;
        this.connections = connections;
        this.dynamics = dynamics;
        this.clock = clock;
        this.lock = lock;
        expiry = new Owner<>("cgn-expiry", new Expiry(), clock, onFailure);
    }

    void start() {
        expiry.start();
    }

    /** Its events say that something may be due earlier than before. */
    private final class Expiry implements Owned<DynamicMaps.Entry> {
        @Override
        public MonoTime nextDue() {
            synchronized (lock) {
                return dynamics.nextDue();
            }
        }

        @Override
        public void handle(List<DynamicMaps.Entry> added, MonoTime now) {
            synchronized (lock) {
                expire();
            }
        }
    }

    /** Has the kernel remove what has expired. Its connections go on while there is traffic, as others do. */
    CompletionStage<Void> expire() {
        var expired = dynamics.expire(clock.now());
        return expired.isEmpty() ? completedFuture(null) : kernel.remove(elements(expired));
    }

    static List<Element> elements(List<DynamicMaps.Entry> entries) {
        return entries.stream()
                .map(DynamicRules::elements)
                .flatMap(List::stream)
                .toList();
    }

    /** {@return what is promised for traffic to {@code remote}, when it is in force} */
    CompletionStage<DynamicMap> promise(InternalTuple inside, Endpoint remote, PcpAddress hint, Lifetime lifetime)
            throws CgnException {
        var known = table.checkInside(inside);
        table.checkHint(known, inside.internal(), hint);
        CgnTable.checkRemote(remote);
        NftablesRules.checkFamily(inside.internal().address());
        NftablesRules.checkFamily(remote.address());
        expire();
        var traffic = new FiveTuple(inside.protocol(), inside.internal(), remote);
        var existing = dynamics.find(traffic);
        var entry = existing.isPresent() ? existing.get() : add(inside, known, traffic);
        if (!entry.subscriber().equals(inside.subscriber())) {
            throw new CgnException(CgnError.NOT_AUTHORIZED);
        }
        var now = clock.now();
        var until = dynamics.promise(entry, now.plus(Duration.ofSeconds(lifetime.seconds())));
        expiry.put(entry);
        var inForce = existing.isPresent() ? kernel.whenInForce(entry) : begin(entry);
        return inForce.thenApply(_ -> new DynamicMap(entry.external(), Lifetime.of(now.until(until))));
    }

    /** Its traffic may be older than it. */
    private CompletionStage<DynamicMaps.Entry> begin(DynamicMaps.Entry entry) {
        return kernel.putOlder(entry, DynamicRules.elements(entry), () -> dynamics.remove(entry));
    }

    private DynamicMaps.Entry add(InternalTuple inside, Subscriber subscriber, FiveTuple traffic) throws CgnException {
        var inUse = connection(traffic).map(KernelTraffic::external);
        boolean explicit = inUse.isPresent()
                ? table.mappingOn(new ExternalTuple(traffic.protocol(), inUse.get()))
                        .isPresent()
                : table.mappingOf(inside).isPresent();
        if (explicit) {
            throw new CgnException(CgnError.COLLISION);
        }
        if (!kernel.isUnlocked() || dynamics.size() >= DynamicRules.MOST) {
            throw new CgnException(CgnError.NO_RESOURCES);
        }
        return dynamics.add(subscriber, traffic, inUse, clock.now());
    }

    private static Endpoint external(LiveConnection live) {
        return new Endpoint(live.outer().address(), live.outer().port());
    }

    /** {@return what the kernel carries already} */
    private Optional<LiveConnection> connection(FiveTuple traffic) throws CgnException {
        var internal = traffic.internal();
        var remote = traffic.remote();
        try {
            return connections.between(
                    new InnerEndpoint(traffic.protocol(), internal.address(), internal.port()),
                    remote.address(),
                    remote.port());
        } catch (NetfilterException e) {
            throw new CgnException(CgnError.INTERNAL, e);
        }
    }

    /** {@return what traffic to {@code remote} has} */
    Optional<LiveTraffic> live(InternalTuple inside, Endpoint remote) throws CgnException {
        var known = table.checkInside(inside);
        NftablesRules.checkFamily(inside.internal().address());
        if (remote.address().isUnspecified()) {
            throw new CgnException(
                    CgnError.UNSUPPORTED); // the kernel finds one connection at once, all of a host never
        }
        CgnTable.checkRemote(remote);
        expire();
        var traffic = new FiveTuple(inside.protocol(), inside.internal(), remote);
        var promised = dynamics.promised(traffic, inside.subscriber(), clock.now());
        return promised.isPresent() ? promised : carried(traffic, known);
    }

    private Optional<LiveTraffic> carried(FiveTuple traffic, Subscriber subscriber) throws CgnException {
        return connection(traffic)
                .filter(live -> live.outer().address().equals(subscriber.external()))
                .map(live -> new LiveTraffic(external(live), Lifetime.of(live.left())));
    }

    /** {@return what was promised to a subscriber, which is nobody's now} */
    List<DynamicMaps.Entry> removeOf(SubscriberHandle subscriber) {
        return dynamics.removeOf(subscriber);
    }

    @Override
    public void close() {
        expiry.close();
        connections.close();
    }
}
