package io.portreeve.igd.worlds;

import io.portreeve.client.MappingView;
import io.portreeve.client.worlds.Aftermath;
import io.portreeve.client.worlds.ClientDisk;
import io.portreeve.client.worlds.Lives;
import io.portreeve.client.worlds.Nature;
import io.portreeve.client.worlds.ServerHost;
import io.portreeve.client.worlds.checker.ServerRow;
import io.portreeve.igd.gateway.WorldGateway;
import io.portreeve.igd.iwf.GatewayState;
import io.portreeve.igd.iwf.IgdAction;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.igd.iwf.IgdReply;
import io.portreeve.igd.iwf.IwfEffect;
import io.portreeve.igd.iwf.IwfEvent;
import io.portreeve.igd.iwf.NatRule;
import io.portreeve.igd.iwf.PortMapping;
import io.portreeve.igd.nat.LocalNat;
import io.portreeve.igd.nat.NoNat;
import io.portreeve.igd.worlds.checker.Checker;
import io.portreeve.igd.worlds.checker.Dumps;
import io.portreeve.igd.worlds.checker.Row;
import io.portreeve.netfilter.NetfilterException;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.Owned;
import io.portreeve.storage.StorageException;
import io.portreeve.worlds.Inbox;
import io.portreeve.worlds.Station;
import io.portreeve.worlds.VirtualMachine;
import io.portreeve.worlds.VirtualProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A home's gateway: the machine on which client and interworking are started, killed, and started again. */
final class Home implements Dumps, Lives.Program {
    private static final Duration LONGEST_LATENCY = Duration.ofMillis(1);
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** So long do control points wait for a reply. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Nature nature;
    private final ServerHost server;
    private final int number;
    private final Lives lives;
    private final VirtualMachine machine;
    private final HomeClient client;
    private final GatewayDisk table;
    private final KernelNat kernel;
    private final LocalNat nat;

    private final Checker checker;
    private final Inbox<IwfEvent> inbox;

    private final Map<Long, Consumer<Optional<IgdReply>>> callers = new HashMap<>();

    private Owned<IwfEvent> interworking;

    private long lastCall;
    private int faults;
    private MonoTime wellSince = MonoTime.START;

    Home(Parts parts, int number) {
        nature = parts.nature;
        server = parts.server;
        this.number = number;
        lives = new Lives(nature, "gateway", this);
        machine = new VirtualMachine(nature.time(), Duration.ofDays(1));

        table = new GatewayDisk(machine, () -> lives.process().step());
        kernel = new KernelNat(nature.time(), nature.chance(), lives::process);
        nat = translates() ? kernel : new NoNat();

        checker = new Checker(this, Street.OF_HOST, Street.OF_LAN);
        inbox = new Inbox<>(nature.time(), nature.chance(), this::batch);
        client = new HomeClient(parts, number, machine, lives, checker, inbox::put);
    }

    Checker checker() {
        return checker;
    }

    Station forAll() {
        return client.pcp().uplink().forAll();
    }

    PcpAddress address() {
        return client.address();
    }

    /** {@return what kills it} */
    Lives lives() {
        return lives;
    }

    @Override
    public boolean isRunning() {
        return interworking != null;
    }

    /** {@return what the client keeps for the interworking} */
    List<MappingView> kept() {
        return client.pcp().listing().stream()
                .filter(view -> view.owner().equals(PortMapping.OWNER))
                .toList();
    }

    /** {@return what the provider has for this home} */
    List<ServerRow> granted() {
        return server.table(address());
    }

    @Override
    public void start() {
        if (!client.pcp().uplink().isUp()) {
            nature.time().after(RETRY, this::start);
            return;
        }
        lives.begin();
        inbox.beginFor(lives.process());
        nature.note("gateway started", number);
        try {
            startParts();
        } catch (StorageException | NetfilterException e) {
            nature.note("gateway cannot start", e.getMessage());
            lives.failToStart();
        } catch (VirtualProcess.Killed e) {
            lives.die();
        }
    }

    private void startParts() throws StorageException, NetfilterException {
        client.start();
        var kept = client.pcp().listing();
        checker.starts(kept);
        interworking = WorldGateway.start(Street.policy(number), table, kept, nat, machine::uptime, this::perform);
        wellSince = nature.time().now();
        checker.stored();
        checker.translated();
        inbox.put(new IwfEvent.LanChanged(Set.of(Street.LAN)));
        wanIs(Optional.of(address()));
        client.pcp().scheduleDue();
        inbox.schedule(machine.atUptime(interworking.nextDue()));
    }

    private void wanIs(Optional<PcpAddress> address) {
        checker.wanIs(address);
        inbox.put(new IwfEvent.WanChanged(address));
    }

    @Override
    public void dies(Aftermath aftermath) {
        interworking = null;
        checker.died();
        if (table.owes()) {
            checker.numberIsForgotten();
        }
        client.die();
        table.disk().crash(nature.chance());
        switch (aftermath) {
            case NOTHING -> {}
            case FILES_REMOVED -> {
                client.pcp().disk().wipe();
                table.disk().wipe();
                checker.filesRemoved();
            }
            case REBOOT -> {
                machine.reboot();
                kernel.reboot();
            }
        }
    }

    /** Something of the gateway itself fails until {@code repair}. */
    void fail(Duration time, Consumer<Home> damage, Consumer<Home> repair) {
        faults++;
        damage.accept(this);
        nature.time().after(time, () -> {
            repair.accept(this);
            faults--;
            wellSince = nature.time().now();
        });
    }

    KernelNat kernel() {
        return kernel;
    }

    GatewayDisk table() {
        return table;
    }

    ClientDisk clientStore() {
        return client.pcp().store();
    }

    void loseWan(Duration without) {
        client.pcp().uplink().down();
        tellOfNetwork(Optional.empty());
        nature.time().after(without, () -> {
            client.pcp().uplink().up(address());
            tellOfNetwork(Optional.of(address()));
        });
    }

    private void tellOfNetwork(Optional<PcpAddress> address) {
        if (isRunning()) {
            client.pcp().networkChanges();
            wanIs(address);
        }
    }

    /** @param then takes the reply, or nothing if there is none in time */
    void call(PcpAddress host, IgdFace face, IgdAction action, Consumer<Optional<IgdReply>> then) {
        if (!isRunning()) {
            nature.time().after(RETRY, () -> then.accept(Optional.empty()));
            return;
        }
        long id = ++lastCall;
        nature.trace().add("call", List.of(number, host, face, action), id);
        callers.put(id, then);
        checker.calls(id, host, face, action);
        inbox.put(new IwfEvent.Call(id, host, face, action));
        nature.time()
                .after(
                        PATIENCE,
                        () -> Optional.ofNullable(callers.remove(id))
                                .ifPresent(caller -> caller.accept(Optional.empty())));
    }

    private void perform(IwfEffect effect) {
        switch (effect) {
            case IwfEffect.Reply(long call, var reply) -> reply(call, reply);
            case IwfEffect.AskPcp(long id, var request) -> client.ask(id, request);
            case IwfEffect.ReleasePcp(long id, var key) -> client.release(id, key);
            case IwfEffect.ChangeNat(long id, var change) -> {
                lives.process().step();
                nature.trace().add("nat", change, id);
                nat.apply(change).whenComplete((_, failure) -> {
                    nature.trace().add("nat done", failure == null, id);
                    checker.translated();
                    inbox.put(new IwfEvent.NatDone(id, failure == null));
                });
            }
            case IwfEffect.Publish(GatewayState state) -> {
                nature.trace().add("publishes", state);
                checker.published(state);
            }
            case IwfEffect.Announce(var external) -> nature.trace().add("external address", external);
            case IwfEffect.Audit(var entry) -> nature.trace().add("audit", entry);
            case IwfEffect.Show _ -> throw new AssertionError("nobody inspects it here");
            case IwfEffect.Stored _ -> throw new AssertionError("stored with its whole batch");
        }
    }

    private void reply(long call, IgdReply reply) {
        lives.process().step();
        nature.trace().add("reply", List.of(number, reply), call);
        nature.reached().add(name(reply));
        checker.replied(call, reply);
        var caller = callers.remove(call);
        if (caller != null) {
            nature.time().after(nature.chance().within(LONGEST_LATENCY), () -> caller.accept(Optional.of(reply)));
        }
    }

    private static String name(IgdReply reply) {
        return reply instanceof IgdReply.Failed(var error)
                ? "failed " + error
                : "reply " + reply.getClass().getSimpleName();
    }

    private void batch(List<IwfEvent> events) {
        if (lives.survives(() -> interworking.handle(events, machine.uptime()))) {
            checker.stored();
            inbox.schedule(machine.atUptime(interworking.nextDue()));
        }
    }

    @Override
    public MonoTime time() {
        return nature.time().now();
    }

    @Override
    public Instant wall() {
        return machine.wall();
    }

    @Override
    public List<Row> rows() {
        return table.rows();
    }

    @Override
    public Collection<NatRule> natRules() {
        return kernel.rules();
    }

    @Override
    public boolean isStuck(NatRule rule) {
        return kernel.isStuck(rule);
    }

    @Override
    public PcpAddress source() {
        return address();
    }

    @Override
    public boolean translates() {
        return Street.policy(number).translates();
    }

    @Override
    public MonoTime wellSince() {
        return isRunning() && faults == 0 ? wellSince : MonoTime.NEVER;
    }

    @Override
    public void after(Duration time, Runnable run) {
        nature.time().after(time, lives.process().inThisLife(run));
    }
}
