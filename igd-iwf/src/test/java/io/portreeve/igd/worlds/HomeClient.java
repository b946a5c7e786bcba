package io.portreeve.igd.worlds;

import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingView;
import io.portreeve.client.worlds.ClientDisk;
import io.portreeve.client.worlds.EngineLoop;
import io.portreeve.client.worlds.Lives;
import io.portreeve.client.worlds.Nature;
import io.portreeve.client.worlds.ServerHost;
import io.portreeve.client.worlds.Uplink;
import io.portreeve.client.worlds.checker.StoredRow;
import io.portreeve.igd.iwf.IwfEvent;
import io.portreeve.igd.iwf.PortMapping;
import io.portreeve.igd.worlds.checker.Checker;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.storage.StorageException;
import io.portreeve.worlds.InvariantBroken;
import io.portreeve.worlds.NextBatch;
import io.portreeve.worlds.Station;
import io.portreeve.worlds.VirtualDisk;
import io.portreeve.worlds.VirtualMachine;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The PCP client of a home's gateway: an engine of its own in each life, one disk, and the way to the provider. */
final class HomeClient implements EngineLoop.Surroundings {
    private static final Duration LONGEST_LATENCY = Duration.ofMillis(1);

    private final Nature nature;
    private final ServerHost server;
    private final int number;
    private final VirtualMachine machine;
    private final Lives lives;
    private final Checker checker;
    private final Consumer<IwfEvent> interworking;
    private final VirtualDisk<MappingKey, StoredRow> disk = new VirtualDisk<>();
    private final ClientDisk store;
    private final Uplink uplink;
    private final NextBatch next;
    private final Map<Long, Long> tickets = new HashMap<>();
    private EngineLoop engine;
    private long lastTicket;

    /**
     * @param lives of the gateway that it is part of
     * @param interworking hears what becomes of what it asked
     */
    HomeClient(
            Parts parts,
            int number,
            VirtualMachine machine,
            Lives lives,
            Checker checker,
            Consumer<IwfEvent> interworking) {
        nature = parts.nature;
        server = parts.server;
        this.number = number;
        this.machine = machine;
        this.lives = lives;
        this.checker = checker;
        this.interworking = interworking;
        store = new ClientDisk(disk, machine, () -> lives.process().step());
        uplink = new Uplink(nature.network(), nature.chance(), Street.HOMES.get(number), this::received);
        next = new NextBatch(nature.time());
    }

    ClientDisk store() {
        return store;
    }

    Uplink uplink() {
        return uplink;
    }

    void start() throws StorageException {
        engine = new EngineLoop(
                Optional.empty(), nature.chance(), store, machine.uptime(), this, new HomeWitness(nature, checker));
        uplink.listen();
    }

    /** What an earlier life had scheduled does not come. */
    void beginAnew() {
        next.forget();
    }

    void die() {
        engine = null;
        uplink.close();
        tickets.clear();
        disk.crash(nature.chance());
    }

    void wipe() {
        disk.wipe();
    }

    List<MappingView> listing() {
        return engine.listing(machine.uptime());
    }

    void ask(long id, MappingRequest request) {
        engine.want(ticket(id), request);
        scheduleSoon();
    }

    void release(long id, MappingKey key) {
        engine.release(ticket(id), PortMapping.OWNER, key);
        scheduleSoon();
    }

    void networkChanges() {
        engine.networkChanges();
        scheduleSoon();
    }

    private long ticket(long id) {
        tickets.put(++lastTicket, id);
        return lastTicket;
    }

    private void received(Station from, byte[] octets) {
        if (from.equals(ServerHost.ADDRESS)) {
            engine.received(octets);
            scheduleSoon();
        }
    }

    private void unreachable() {
        nature.reached().add("unreachable");
        engine.unreachable();
        scheduleSoon();
    }

    private void scheduleSoon() {
        next.schedule(nature.time().now().plus(nature.chance().within(LONGEST_LATENCY)), lives.process(), this::batch);
    }

    void scheduleDue() {
        next.schedule(machine.atUptime(engine.nextDue()), lives.process(), this::batch);
    }

    private void batch() {
        if (lives.survives(() -> engine.batch(machine.uptime()))) {
            scheduleDue();
        }
    }

    @Override
    public Optional<PcpAddress> connect() {
        scheduleSoon();
        return uplink.connect();
    }

    /** As the client's channels do: what would leave from another source than it says does not leave. */
    @Override
    public void send(PcpAddress source, byte[] octets) {
        var from = uplink.socket();
        if (from.isEmpty()) {
            engine.connect();
        } else if (!uplink.carries()) {
            uplink.disconnect();
            unreachable();
        } else if (from.get().address().equals(source)) {
            send(from.get(), octets);
        }
    }

    private void send(Station from, byte[] octets) {
        lives.process().step();
        nature.trace().add("sends", number, octets);
        nature.network().send(from, ServerHost.ADDRESS, octets, nature.chance());
        if (!server.isRunning() && nature.chance().nextBoolean()) {
            nature.time().after(LONGEST_LATENCY, lives.process().inThisLife(this::unreachable));
        }
        lives.process().step();
    }

    @Override
    public void answer(long ticket, MappingOutcome outcome) {
        lives.process().step();
        long id = Optional.ofNullable(tickets.remove(ticket))
                .orElseThrow(() -> new InvariantBroken("ticket", "answered twice: " + outcome));
        nature.trace().add("answered", List.of(number, id, outcome), id);
        checker.answered(id, outcome);
        interworking.accept(new IwfEvent.PcpAnswered(id, outcome));
    }

    @Override
    public void tell(MappingEvent event) {
        lives.process().step();
        nature.note("told " + event.getClass().getSimpleName(), event);
        checker.told(event);
        interworking.accept(new IwfEvent.PcpChanged(event));
    }
}
