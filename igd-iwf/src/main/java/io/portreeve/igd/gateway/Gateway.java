package io.portreeve.igd.gateway;

import io.portreeve.client.MappingView;
import io.portreeve.client.PcpClient;
import io.portreeve.igd.hosts.HostListener;
import io.portreeve.igd.iwf.Departure;
import io.portreeve.igd.iwf.GatewayState;
import io.portreeve.igd.iwf.HardwareAddress;
import io.portreeve.igd.iwf.IgdAction;
import io.portreeve.igd.iwf.IgdCalls;
import io.portreeve.igd.iwf.IgdError;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.igd.iwf.IgdReply;
import io.portreeve.igd.iwf.Interworking;
import io.portreeve.igd.iwf.IwfEvent;
import io.portreeve.igd.iwf.IwfPolicy;
import io.portreeve.igd.iwf.LanNetwork;
import io.portreeve.igd.iwf.Snapshot;
import io.portreeve.igd.iwf.StoredTable;
import io.portreeve.igd.iwf.WanPort;
import io.portreeve.igd.nat.LocalNat;
import io.portreeve.igd.store.PortMappingStore;
import io.portreeve.netfilter.NetfilterException;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.MonoClock;
import io.portreeve.runtime.Owner;
import io.portreeve.runtime.Replies;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The interworking at work: its owner thread, and the calls that wait for their replies. */
public final class Gateway implements IgdCalls, HostListener, AutoCloseable {

    /** An engine that is so late is not working, and the control point must not wait for ever. */
    private static final Duration LATE = Duration.ofSeconds(3);

    /** An interworking that works answers within milliseconds. */
    private static final Duration LIVELY = Duration.ofSeconds(2);

    private final Replies<IgdReply> replies = new Replies<>();
    private final Duration longestWait;
    private final World world;
    private final MonoClock clock;
    private final Owner<IwfEvent> owner;

    /**
     * @param stored what an earlier run left
     * @param onFailure called once if the owner thread fails, which ends the interworking
     * @throws NetfilterException if the gateway's own NAT cannot be had
     */
    public Gateway(
            Interworking engine,
            PcpClient client,
            LocalNat nat,
            PortMappingStore store,
            StoredTable stored,
            MonoClock clock,
            Consumer<Throwable> onFailure)
            throws NetfilterException {
        this.clock = clock;
        longestWait = engine.longestAnswer().plus(LATE);
        world = new World(client, nat, store, replies, this::put);
        var loop = new GatewayLoop(engine, world);
        owner = new Owner<>("igd-interworking", loop, clock, onFailure);
        // before the listing, or what happens in between is missed
        client.listen(event -> put(new IwfEvent.PcpChanged(event)));
        loop.start(stored, client.mappings().join(), nat, clock);
    }

    public void start() {
        owner.start();
    }

    private void put(IwfEvent event) {
        owner.put(event);
    }

    public void wanChanged(Optional<PcpAddress> address) {
        put(new IwfEvent.WanChanged(address));
    }

    /**
     * Somebody else is asked for ports from now on, or nobody.
     *
     * @param kept what the PCP client that asks keeps from an earlier time
     * @param portsInUse of the external address, by the gateway itself
     */
    public void providerChanged(List<MappingView> kept, Set<WanPort> portsInUse) {
        put(new IwfEvent.ProviderChanged(kept, portsInUse));
    }

    /** Follows {@code policy} from now on, but for its times and the ports of the gateway's own. */
    public void policyChanged(IwfPolicy policy) {
        put(new IwfEvent.PolicyChanged(policy.access(), policy.quotas(), policy.deletion(), policy.asking()));
    }

    public void linkChanged(boolean up) {
        put(new IwfEvent.LinkChanged(up));
    }

    /** Until this is told, any unicast address is taken for that of a host. */
    public void lanChanged(Set<LanNetwork> networks) {
        put(new IwfEvent.LanChanged(networks));
    }

    @Override
    public void hostSeen(PcpAddress host, Optional<HardwareAddress> hardware) {
        put(new IwfEvent.HostSeen(host, hardware));
    }

    @Override
    public void hostLeft(PcpAddress host, Departure how) {
        put(new IwfEvent.HostLeft(host, how));
    }

    /** Tells {@code listener} of the connection, as it is now and whenever it changes; it must not block. */
    public void listen(Consumer<GatewayState> listener) {
        world.latest().listen(listener);
    }

    /** {@return the first external address the provider tells, when it tells it} */
    public CompletableFuture<PcpAddress> firstExternal() {
        return world.firstExternal();
    }

    /** {@return the gateway as it is now, or empty if the interworking does not answer} */
    public Optional<Snapshot> snapshot() {
        return world.snapshots().await(id -> put(new IwfEvent.Inspect(id)), LIVELY);
    }

    /** {@return what became of entries and of wishes for them} */
    public Journal journal() {
        return world.journal();
    }

    /** {@return what it has done since its start} */
    public Counts counts() {
        return world.counts();
    }

    @Override
    public IgdReply call(PcpAddress requester, IgdFace face, IgdAction action) {
        var reply = replies.await(id -> put(new IwfEvent.Call(id, requester, face, action)), longestWait)
                .orElse(new IgdReply.Failed(IgdError.ACTION_FAILED));
        world.counts().called(action, reply);
        return reply;
    }

    @Override
    public Optional<IgdReply> known(PcpAddress requester, IgdFace face, IgdAction action) {
        var reply = world.reading().flatMap(it -> it.answer(requester, face, action, clock.now()));
        reply.ifPresent(known -> world.counts().called(action, known));
        return reply;
    }

    @Override
    public void close() {
        owner.close();
    }
}
