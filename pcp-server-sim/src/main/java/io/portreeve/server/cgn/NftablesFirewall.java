package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.Routine.answer;
import static io.portreeve.server.cgn.Routine.booked;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.portreeve.netfilter.NatTable;
import io.portreeve.netfilter.NetfilterException;
import io.portreeve.netfilter.TableFamily;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.MonoClock;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A firewall that carries packets and translates nothing: the kernel of this machine, by nftables, for IPv4 and IPv6.
 *
 * <p>What traffic opens by itself is the kernel's own: it can neither be asked for, nor does the kernel say of it.
 */
public final class NftablesFirewall extends KernelCgn {
    private static final String TABLE = "portreeve_firewall";

    private NftablesFirewall(FirewallRules rules, int maxMappings, NatTable kernel) {
        super(rules, PoolRange.ofFirewall(), maxMappings, Function.identity(), kernel);
    }

    /**
     * {@return the firewall of this network namespace, locked}
     *
     * @param maxMappings {@value NftablesRules#MOST_MAPPINGS} at most
     * @param onFailure called once if it can work no longer
     */
    public static NftablesFirewall open(
            FirewallRules rules, int maxMappings, MonoClock clock, Consumer<Throwable> onFailure)
            throws NetfilterException {
        var kernel = NatTable.open(TableFamily.INET, TABLE, FirewallRules.maps(), rules.locked(), clock, onFailure);
        return new NftablesFirewall(rules, maxMappings, kernel);
    }

    @Override
    public synchronized CompletionStage<Subscriber> getSubscriber(SubscriberId id) {
        return booked(() -> subscribers.get(id, id.address().anyOfFamily()));
    }

    @Override
    public synchronized CompletionStage<Subscriber> createSubscriber(SubscriberId id, PcpAddress external) {
        return booked(() -> subscribers.getOrCreate(id, external));
    }

    @Override
    public synchronized CompletionStage<PcpMapHandle> createPcpMapping(CgnMapping wanted) {
        return answer(() -> create(wanted));
    }

    @Override
    public CompletionStage<DynamicMap> addDynamicMap(
            InternalTuple inside, Endpoint destination, Endpoint external, Lifetime lifetime) {
        return failedFuture(new CgnException(CgnError.UNSUPPORTED));
    }

    @Override
    public CompletionStage<Optional<LiveTraffic>> liveTraffic(InternalTuple inside, Endpoint destination) {
        return failedFuture(new CgnException(CgnError.UNSUPPORTED));
    }

    @Override
    CompletionStage<Void> remove(CgnTable.Departed departed) {
        return kernel.remove(elements(departed.mappings()));
    }
}
