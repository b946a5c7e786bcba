package io.portreeve.igd.worlds;

import io.portreeve.igd.iwf.NatChange;
import io.portreeve.igd.iwf.NatRule;
import io.portreeve.igd.iwf.WanPort;
import io.portreeve.igd.nat.LocalNat;
import io.portreeve.netfilter.NetfilterException;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.worlds.Chance;
import io.portreeve.worlds.InvariantBroken;
import io.portreeve.worlds.VirtualProcess;
import io.portreeve.worlds.VirtualTime;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The kernel's NAT: it outlives the gateway, and is gone with the machine. One change is made after the other. */
final class KernelNat implements LocalNat {
    private static final Duration USUAL_LATENCY = Duration.ofMillis(2);

    private final VirtualTime time;
    private final Chance chance;
    private final Supplier<VirtualProcess> process;
    private final Map<WanPort, NatRule> rules = new LinkedHashMap<>();

    /** Those that could not be removed in this run of the gateway. */
    private final Set<NatRule> stuck = new HashSet<>();

    private MonoTime busyUntil = MonoTime.START;
    private double refused;
    private Duration latency = USUAL_LATENCY;

    KernelNat(VirtualTime time, Chance chance, Supplier<VirtualProcess> process) {
        this.time = time;
        this.chance = chance;
        this.process = process;
    }

    /** @param share of the changes that fail from now on, 0..1 */
    void refuse(double share) {
        refused = share;
    }

    void takes(Duration atMost) {
        latency = atMost;
    }

    void isFast() {
        latency = USUAL_LATENCY;
    }

    Collection<NatRule> rules() {
        return rules.values();
    }

    boolean isStuck(NatRule rule) {
        return stuck.contains(rule);
    }

    void reboot() {
        rules.clear();
    }

    @Override
    public void start(Collection<NatRule> wanted) throws NetfilterException {
        stuck.clear();
        busyUntil = time.now();
        process.get().step();
        if (chance.happens(refused)) {
            throw new NetfilterException("the kernel refuses");
        }
        rules.clear();
        wanted.forEach(this::install);
        process.get().step();
    }

    /** In these worlds a WAN address comes and goes, and is the same each time. */
    @Override
    public CompletableFuture<Void> wanIs(PcpAddress address) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> apply(NatChange change) {
        var done = new CompletableFuture<Void>();
        busyUntil = busyUntil.later(time.now()).plus(chance.within(latency));
        time.at(busyUntil, process.get().inThisLife(() -> make(change, done)));
        return done;
    }

    private void make(NatChange change, CompletableFuture<Void> done) {
        boolean isThere = change.rule().equals(rules.get(port(change.rule())));
        boolean isNothing = isThere == change instanceof NatChange.Install;
        if (!isNothing && chance.happens(refused)) {
            if (change instanceof NatChange.Remove(var rule)) {
                stuck.add(rule);
            }
            done.completeExceptionally(new NetfilterException("the kernel refuses"));
            return;
        }
        switch (change) {
            case NatChange.Install(var rule) -> install(rule);
            case NatChange.Remove(var rule) -> rules.remove(port(rule), rule);
        }
        done.complete(null);
    }

    private void install(NatRule rule) {
        stuck.remove(rule);
        var before = rules.put(port(rule), rule);
        if (before != null && !before.equals(rule)) {
            throw new InvariantBroken("nat", before + " is still there for " + rule);
        }
    }

    private static WanPort port(NatRule rule) {
        return new WanPort(rule.protocol(), rule.natPort().orElseThrow());
    }

    @Override
    public void close() {
        // the rules stay
    }
}
