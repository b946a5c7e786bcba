package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.Routine.answer;
import static io.portreeve.server.cgn.Routine.booked;
import static java.util.concurrent.CompletableFuture.completedFuture;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.MonoClock;
import io.portreeve.server.softwire.InnerHost;
import io.portreeve.server.softwire.InsideAddresses;
import io.portreeve.server.softwire.Softwires;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The CGN of a DS-Lite provider (RFC 6333): its subscribers are homes, known by the IPv6 address of their end of the tunnel,
 * the B4; their hosts are known by the home and the IPv4 address they have there, which others may have in theirs.
 *
 * <p>Behind it is a CGN that has never heard of tunnels. There each host is a subscriber, by an inside address that stands for
 * it; all of a home have the home's external address.
 */
public final class DsLiteCgn implements HostedCgn, InsideAddresses {
    private static final Logger LOG = LoggerFactory.getLogger(DsLiteCgn.class);

    private final HostedCgn nat;
    private final DsLiteHomes homes;
    private final DsLiteHosts hosts;
    private final MonoClock clock;
    private final List<AutoCloseable> open;

    private Consumer<SubscriberHandle> deletedSubscriber = _ -> {};
    private boolean locked = true;

    /** How often all mappings were dropped: what was asked before must not be done after. */
    private int flushes;

    /**
     * @param nat its pool is that of {@code homes}
     * @param cutting ends what the NAT carries of hosts that have gone
     * @param open what is closed with this, in this order
     */
    DsLiteCgn(
            HostedCgn nat,
            DsLiteHomes homes,
            Softwires softwires,
            DsLiteHosts.Cutting cutting,
            MonoClock clock,
            List<AutoCloseable> open) {
        this.open = open;
        this.nat = nat;
        this.homes = homes;
        this.clock = clock;
        hosts = new DsLiteHosts(nat, softwires, cutting, this);
    }

    static void close(List<AutoCloseable> open) {
        for (var part : open) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("did not close cleanly: {}", e.toString());
            }
        }
    }

    @Override
    public synchronized void onDeletedSubscriber(Consumer<SubscriberHandle> callback) {
        deletedSubscriber = callback;
    }

    @Override
    public CompletionStage<List<PoolRange>> listPcpPool() {
        return completedFuture(homes.pool());
    }

    @Override
    public synchronized CompletionStage<Subscriber> getSubscriber(SubscriberId id) {
        return booked(() -> homes.get(id));
    }

    /** One who has only sent something so far moves. */
    @Override
    public synchronized CompletionStage<Subscriber> createSubscriber(SubscriberId id, PcpAddress external) {
        if (external.equals(PcpAddress.ANY_IPV4)) {
            return getSubscriber(id);
        }
        return booked(() -> {
            boolean isNew = homes.find(id).isEmpty();
            var home = homes.create(id, external);
            if (isNew && !external.equals(homes.usualAddress(id))) {
                hosts.releaseOf(id.address());
            }
            return home;
        });
    }

    @Override
    public synchronized CompletableFuture<PcpAddress> enter(InnerHost host) {
        return answer(() -> {
                    boolean mayBeNew = !locked && host.isPlausible();
                    return mayBeNew
                            ? subscriber(host, Duration.ZERO)
                            : hosts.find(host, clock.now()).orElseThrow(() -> new CgnException(CgnError.NO_RESOURCES));
                })
                .toCompletableFuture()
                .thenApply(subscriber -> subscriber.id().address());
    }

    @Override
    public synchronized Optional<InnerHost> hostAt(PcpAddress inside) {
        return hosts.hostOf(new SubscriberId(inside));
    }

    /** {@return the host of a home the PCP server knows, if it may have one there} */
    private InnerHost innerHost(InternalTuple asked) throws CgnException {
        var home = homes.find(asked.subscriber()).orElseThrow(() -> new CgnException(CgnError.INVALID_ARGUMENT));
        var host = new InnerHost(home.id().address(), asked.internal().address());
        if (!host.isPlausible()) {
            throw new CgnException(CgnError.NOT_AUTHORIZED);
        }
        return host;
    }

    /** {@return its subscriber at the NAT, a new one if it has none; it is in use for {@code lifetime} at least} */
    private CompletableFuture<Subscriber> subscriber(InnerHost host, Duration lifetime) throws CgnException {
        var now = clock.now();
        var until = now.plus(lifetime);
        var known = hosts.find(host, until);
        return known.isPresent()
                ? known.get()
                : hosts.create(host, homes.externalOf(new SubscriberId(host.b4())), now, until);
    }

    /** Asks the NAT when it knows the host, unless the host or all mappings have gone since. */
    private <T> CompletionStage<T> ask(
            CompletableFuture<Subscriber> host, Function<Subscriber, CompletionStage<T>> routine) {
        int before = flushes;
        return host.thenCompose(subscriber -> {
            synchronized (this) {
                return answer(() -> {
                    if (flushes != before || !hosts.isCurrent(subscriber)) {
                        throw new CgnException(CgnError.INVALID_ARGUMENT);
                    }
                    return routine.apply(subscriber);
                });
            }
        });
    }

    private static InternalTuple inside(Subscriber host, InternalTuple asked) {
        return new InternalTuple(
                host.handle(),
                asked.protocol(),
                new Endpoint(host.id().address(), asked.internal().port()));
    }

    @Override
    public synchronized CompletionStage<PcpMapHandle> createPcpMapping(CgnMapping wanted) {
        return answer(() -> ask(
                subscriber(innerHost(InternalTuple.of(wanted)), Duration.ZERO),
                host -> nat.createPcpMapping(
                        inside(host, InternalTuple.of(wanted)).to(wanted.external()))));
    }

    @Override
    public CompletionStage<Void> deletePcpMapping(PcpMapHandle mapping) {
        return nat.deletePcpMapping(mapping);
    }

    @Override
    public CompletionStage<FilterHandle> createFilter(PcpMapHandle mapping, CgnFilter filter) {
        return nat.createFilter(mapping, filter);
    }

    @Override
    public CompletionStage<FilterHandle> replaceFilter(FilterHandle old, CgnFilter filter) {
        return nat.replaceFilter(old, filter);
    }

    @Override
    public CompletionStage<Void> deleteFilter(FilterHandle filter) {
        return nat.deleteFilter(filter);
    }

    @Override
    public synchronized CompletionStage<DynamicMap> addDynamicMap(
            InternalTuple inside, Endpoint destination, Endpoint external, Lifetime lifetime) {
        return answer(() -> ask(
                subscriber(innerHost(inside), Duration.ofSeconds(lifetime.seconds())),
                host -> nat.addDynamicMap(inside(host, inside), destination, external, lifetime)));
    }

    @Override
    public synchronized CompletionStage<Optional<LiveTraffic>> liveTraffic(InternalTuple inside, Endpoint destination) {
        return answer(() -> {
            var known = hosts.find(innerHost(inside), clock.now());
            return known.isEmpty()
                    ? completedFuture(Optional.empty())
                    : ask(known.get(), host -> nat.liveTraffic(inside(host, inside), destination));
        });
    }

    @Override
    public synchronized CompletionStage<Void> unlockDynamic() {
        locked = false;
        return nat.unlockDynamic();
    }

    @Override
    public synchronized CompletionStage<Void> flush() {
        locked = true;
        flushes++;
        return nat.flush();
    }

    @Override
    public synchronized List<Entry> table() {
        return nat.table().stream()
                .map(entry -> asked(entry.subscriber(), entry.mapping()))
                .flatMap(Optional::stream)
                .toList();
    }

    /** {@return a mapping of the NAT as it was asked for} */
    private Optional<Entry> asked(SubscriberId inside, CgnMapping mapping) {
        return hosts.hostOf(inside)
                .flatMap(host -> homes.find(new SubscriberId(host.b4()))
                        .map(home -> new Entry(
                                home.id(),
                                new CgnMapping(
                                        home.handle(),
                                        mapping.protocol(),
                                        new Endpoint(
                                                host.address(),
                                                mapping.internal().port()),
                                        mapping.external()))));
    }

    @Override
    public synchronized void block(SubscriberId id) {
        homes.block(id);
    }

    @Override
    public synchronized CompletionStage<Void> deleteSubscriber(SubscriberId id, PcpAddress external) {
        if (!external.isIpv4()) {
            return completedFuture(null);
        }
        var released = hosts.releaseOf(id.address());
        homes.remove(id).ifPresent(home -> deletedSubscriber.accept(home.handle()));
        return released;
    }

    /** The rules stay in force, and nothing comes out of the tunnels any more. */
    @Override
    public void close() {
        close(open);
    }
}
