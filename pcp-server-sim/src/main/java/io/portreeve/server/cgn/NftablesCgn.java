package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.Routine.answer;
import static java.util.concurrent.CompletableFuture.completedFuture;

import io.portreeve.netfilter.Connections;
import io.portreeve.netfilter.NatTable;
import io.portreeve.netfilter.NetfilterException;
import io.portreeve.netfilter.TableFamily;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.MonoClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A CGN that carries packets: the kernel of this machine, by nftables.
 *
 * <p>The implicit mappings of traffic are the kernel's own: their ports depend on the peer too, and they end when their
 * connections do. Those that were asked for expire here.
 */
public final class NftablesCgn extends KernelCgn {
    private static final String TABLE = "portreeve_cgn";

    private final NftablesRules rules;
    private final KernelTraffic traffic;

    private NftablesCgn(
            NftablesRules rules,
            CgnLimits limits,
            NatTable kernel,
            Connections connections,
            MonoClock clock,
            RandomGenerator random,
            Consumer<Throwable> onFailure) {
        super(rules, rules.pool(), limits.mappings(), tuple -> List.of(tuple.protocol(), tuple.internal()), kernel);
        this.rules = rules;
        var dynamics = new DynamicMaps(rules.implicit(), limits.implicitPerSubscriber(), random);
        traffic = new KernelTraffic(table, this.kernel, connections, dynamics, clock, onFailure, this);
    }

    /**
     * {@return the CGN of this network namespace, locked}
     *
     * @param limits {@value NftablesRules#MOST_MAPPINGS} explicit mappings at most
     * @param random chooses the ports of implicit mappings that are asked for
     * @param onFailure called once if it can work no longer
     */
    public static NftablesCgn open(
            NftablesRules rules,
            CgnLimits limits,
            MonoClock clock,
            RandomGenerator random,
            Consumer<Throwable> onFailure)
            throws NetfilterException {
        var connections = Connections.open();
        try {
            var kernel = NatTable.open(TableFamily.IP, TABLE, NftablesRules.maps(), rules.locked(), clock, onFailure);
            var cgn = new NftablesCgn(rules, limits, kernel, connections, clock, random, onFailure);
            cgn.traffic.start();
            return cgn;
        } catch (NetfilterException e) {
            connections.close();
            throw e;
        }
    }

    /** Takes the rules of an earlier run out of the kernel, with the entries that the next one would claim. */
    static void forgetEarlier() throws NetfilterException {
        NatTable.remove(TABLE);
    }

    /** Has the kernel remove what has expired by now. */
    synchronized CompletionStage<Void> expire() {
        return traffic.expire();
    }

    @Override
    public synchronized CompletionStage<Subscriber> getSubscriber(SubscriberId id) {
        return answer(() -> {
            NftablesRules.checkFamily(id.address());
            boolean known = isKnown(id);
            return subscriber(subscribers.get(id, PcpAddress.ANY_IPV4, () -> rules.externalOf(id)), known);
        });
    }

    @Override
    public synchronized CompletionStage<Subscriber> createSubscriber(SubscriberId id, PcpAddress external) {
        if (external.equals(PcpAddress.ANY_IPV4)) {
            return getSubscriber(id);
        }
        return answer(() -> {
            NftablesRules.checkFamily(id.address());
            boolean known = isKnown(id);
            return subscriber(subscribers.create(id, external), known);
        });
    }

    private boolean isKnown(SubscriberId id) {
        return subscribers.find(id, PcpAddress.ANY_IPV4).isPresent();
    }

    private CompletionStage<Subscriber> subscriber(Subscriber subscriber, boolean known) {
        return known
                ? kernel.whenInForce(subscriber)
                : kernel.put(subscriber, List.of(NftablesRules.element(subscriber)), () -> forget(subscriber));
    }

    private boolean forget(Subscriber subscriber) {
        return subscribers.find(subscriber.id(), PcpAddress.ANY_IPV4).equals(Optional.of(subscriber))
                && table.deleteSubscriber(subscriber.id(), subscriber.external())
                        .isPresent();
    }

    @Override
    public synchronized CompletionStage<PcpMapHandle> createPcpMapping(CgnMapping wanted) {
        return answer(() -> {
            NftablesRules.checkFamily(wanted.internal().address());
            checkPool(wanted);
            return create(wanted);
        });
    }

    /** The kernel gives other ports to connections as it likes: two hosts may have one of them at once. */
    private void checkPool(CgnMapping wanted) throws CgnException {
        boolean isOfPool = rules.pool().stream()
                .anyMatch(range -> range.external().equals(wanted.external().address())
                        && range.protocol().equals(wanted.protocol())
                        && range.contains(wanted.external().port()));
        if (!isOfPool) {
            throw new CgnException(CgnError.BAD_EXTERNAL_ADDRESS);
        }
    }

    @Override
    public synchronized CompletionStage<DynamicMap> addDynamicMap(
            InternalTuple inside, Endpoint destination, Endpoint external, Lifetime lifetime) {
        return answer(() -> traffic.promise(inside, destination, external.address(), lifetime));
    }

    @Override
    public synchronized CompletionStage<Optional<LiveTraffic>> liveTraffic(InternalTuple inside, Endpoint destination) {
        return answer(() -> completedFuture(traffic.live(inside, destination)));
    }

    @Override
    CompletionStage<Void> remove(CgnTable.Departed departed) {
        var dynamic = traffic.removeOf(departed.subscriber().handle());
        var gone = new ArrayList<>(KernelTraffic.elements(dynamic));
        gone.add(NftablesRules.element(departed.subscriber()));
        gone.addAll(elements(departed.mappings()));
        return kernel.remove(gone, dynamic.stream().map(DynamicRules::outerEnd).toList());
    }

    @Override
    public void close() {
        traffic.close();
        super.close();
    }
}
