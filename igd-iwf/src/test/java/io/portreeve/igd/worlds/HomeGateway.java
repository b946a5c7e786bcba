package io.portreeve.igd.worlds;

import io.portreeve.client.MappingView;
import io.portreeve.client.worlds.ClientDisk;
import io.portreeve.client.worlds.Lives;
import io.portreeve.client.worlds.Nature;
import io.portreeve.igd.gateway.WorldGateway;
import io.portreeve.igd.iwf.GatewayState;
import io.portreeve.igd.iwf.IgdAction;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.igd.iwf.IgdReply;
import io.portreeve.igd.iwf.IwfEffect;
import io.portreeve.igd.iwf.IwfEvent;
import io.portreeve.igd.iwf.PortMapping;
import io.portreeve.igd.iwf.Reading;
import io.portreeve.igd.nat.LocalNat;
import io.portreeve.igd.nat.NoNat;
import io.portreeve.igd.worlds.checker.Checker;
import io.portreeve.netfilter.NetfilterException;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.Owned;
import io.portreeve.storage.StorageException;
import io.portreeve.worlds.Inbox;
import io.portreeve.worlds.VirtualMachine;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The program on a home's gateway: client and interworking, what they write and translate, and who waits for a reply. */
final class HomeGateway {
    private static final Duration LONGEST_LATENCY = Duration.ofMillis(1);

    /** So soon do control points notice that there is no gateway. */
    private static final Duration REFUSAL = Duration.ofSeconds(1);

    /** So long do control points wait for a reply. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Nature nature;
    private final int number;
    private final VirtualMachine machine;
    private final Lives lives;
    private final Checker checker;
    private final GatewayDisk table;
    private final KernelNat kernel;
    private final LocalNat nat;
    private final Inbox<IwfEvent> inbox;
    private final HomeClient client;
    private final Map<Long, Consumer<Optional<IgdReply>>> callers = new HashMap<>();
    private Owned<IwfEvent> interworking;
    private Reading reading;
    private long lastCall;

    HomeGateway(Parts parts, int number, VirtualMachine machine, Lives lives, Checker checker) {
        nature = parts.nature;
        this.number = number;
        this.machine = machine;
        this.lives = lives;
        this.checker = checker;
        table = new GatewayDisk(machine, () -> lives.process().step());
        kernel = new KernelNat(nature.time(), nature.chance(), lives::process);
        nat = Street.policy(number).translates() ? kernel : new NoNat();
        inbox = new Inbox<>(nature.time(), nature.chance(), this::batch);
        client = new HomeClient(parts, number, machine, lives, checker, inbox::put);
    }

    HomeClient client() {
        return client;
    }

    ClientDisk clientStore() {
        return client.pcp().store();
    }

    GatewayDisk table() {
        return table;
    }

    KernelNat kernel() {
        return kernel;
    }

    boolean isRunning() {
        return interworking != null;
    }

    /** {@return what the client keeps for the interworking} */
    List<MappingView> kept() {
        return client.pcp().listing().stream()
                .filter(view -> view.owner().equals(PortMapping.OWNER))
                .toList();
    }

    void start() throws StorageException, NetfilterException {
        inbox.beginFor(lives.process());
        client.start();
        var kept = client.pcp().listing();
        checker.starts(kept);
        interworking = WorldGateway.start(
                Street.policy(number), table, kept, nat, machine::uptime, it -> reading = it, this::perform);
        checker.stored();
        checker.translated();
        inbox.put(new IwfEvent.LanChanged(Set.of(Street.LAN)));
        wanIs(Optional.of(client.address()));
        client.pcp().scheduleDue();
        scheduleDue();
    }

    private void wanIs(Optional<PcpAddress> address) {
        checker.wanIs(address);
        inbox.put(new IwfEvent.WanChanged(address));
    }

    private void scheduleDue() {
        inbox.schedule(machine.atUptime(interworking.nextDue()));
    }

    void networkChanges(Optional<PcpAddress> address) {
        if (isRunning()) {
            client.pcp().networkChanges();
            wanIs(address);
        }
    }

    void die() {
        interworking = null;
        checker.died();
        if (table.owes()) {
            checker.numberIsForgotten();
        }
        client.die();
        table.disk().crash(nature.chance());
    }

    void wipe() {
        client.pcp().disk().wipe();
        table.disk().wipe();
        checker.filesRemoved();
    }

    /** @param then takes the reply, or nothing if there is none in time */
    void call(PcpAddress host, IgdFace face, IgdAction action, Consumer<Optional<IgdReply>> then) {
        if (!isRunning()) {
            nature.time().after(REFUSAL, () -> then.accept(Optional.empty()));
            return;
        }
        long id = ++lastCall;
        nature.trace().add("call", List.of(number, host, face, action), id);
        callers.put(id, then);
        checker.calls(id, host, face, action);
        reading.answer(host, face, action, machine.uptime())
                .ifPresentOrElse(known -> reply(id, known), () -> inbox.put(new IwfEvent.Call(id, host, face, action)));
        nature.time()
                .after(
                        PATIENCE,
                        () -> Optional.ofNullable(callers.remove(id))
                                .ifPresent(caller -> caller.accept(Optional.empty())));
    }

    private void batch(List<IwfEvent> events) {
        if (lives.survives(() -> interworking.handle(events, machine.uptime()))) {
            checker.stored();
            scheduleDue();
        }
    }

    private void perform(IwfEffect effect) {
        switch (effect) {
            case IwfEffect.Reply(long call, var reply) -> {
                lives.process().step();
                reply(call, reply);
            }
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
}
