package io.portreeve.client.worlds;

import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingView;
import io.portreeve.client.worlds.checker.StoredRow;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.storage.StorageException;
import io.portreeve.worlds.NextBatch;
import io.portreeve.worlds.Station;
import io.portreeve.worlds.VirtualDisk;
import io.portreeve.worlds.VirtualMachine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A PCP client on its machine: an engine of its own in each life, one disk, and the way to its server, the only one it hears. */
public final class NetworkedClient implements EngineLoop.Surroundings {
    private static final Duration LONGEST_LATENCY = Duration.ofMillis(1);

    /** Whom it asks for, and who looks on. */
    public interface User {
        default void hears(Station server, byte[] octets) {}

        default void ignores(Station from, byte[] octets) {}

        void sends(Station from, byte[] octets);

        void answered(long ticket, MappingOutcome outcome);

        void told(MappingEvent event);
    }

    private final Nature nature;
    private final ServerHost server;
    private final VirtualMachine machine;
    private final Lives lives;
    private final User user;
    private final VirtualDisk<MappingKey, StoredRow> disk = new VirtualDisk<>();
    private final ClientDisk store;
    private final Uplink uplink;
    private final NextBatch next;
    private EngineLoop loop;

    /**
     * @param lives of the program that it is part of
     * @param address that its machine has first
     */
    public NetworkedClient(
            Nature nature, ServerHost server, VirtualMachine machine, Lives lives, PcpAddress address, User user) {
        this.nature = nature;
        this.server = server;
        this.machine = machine;
        this.lives = lives;
        this.user = user;
        store = new ClientDisk(disk, machine, () -> lives.process().step());
        uplink = new Uplink(nature.network(), nature.chance(), address, this::received);
        next = new NextBatch(nature.time());
    }

    public VirtualDisk<MappingKey, StoredRow> disk() {
        return disk;
    }

    public ClientDisk store() {
        return store;
    }

    public Uplink uplink() {
        return uplink;
    }

    public boolean isRunning() {
        return loop != null;
    }

    /**
     * Begins another life; what an earlier one had scheduled does not come.
     *
     * @param claims as {@link EngineLoop} has them
     */
    public void start(Optional<Duration> claims, Witness witness) throws StorageException {
        next.forget();
        loop = new EngineLoop(claims, nature.chance(), store, machine.uptime(), this, witness);
        uplink.listen();
    }

    public void die() {
        loop = null;
        uplink.close();
        disk.crash(nature.chance());
    }

    public void want(long ticket, MappingRequest request) {
        loop.want(ticket, request);
        scheduleSoon();
    }

    public void release(long ticket, String owner, MappingKey key) {
        loop.release(ticket, owner, key);
        scheduleSoon();
    }

    public void audit(long ticket) {
        loop.audit(ticket);
        scheduleSoon();
    }

    public void networkChanges() {
        loop.networkChanges();
        scheduleSoon();
    }

    public List<MappingView> listing() {
        return loop.listing(machine.uptime());
    }

    private void received(Station from, byte[] octets) {
        if (!from.equals(ServerHost.ADDRESS)) {
            user.ignores(from, octets);
            return;
        }
        user.hears(from, octets);
        loop.received(octets);
        scheduleSoon();
    }

    /** The server's machine says that nobody listens there. */
    private void unreachable() {
        nature.reached().add("unreachable");
        loop.unreachable();
        scheduleSoon();
    }

    private void scheduleSoon() {
        scheduleBatch(nature.time().now().plus(nature.chance().within(LONGEST_LATENCY)));
    }

    public void scheduleDue() {
        scheduleBatch(machine.atUptime(loop.nextDue()));
    }

    private void scheduleBatch(MonoTime at) {
        next.schedule(at, lives.process(), this::batch);
    }

    private void batch() {
        if (lives.survives(() -> loop.batch(machine.uptime()))) {
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
            loop.connect();
        } else if (!uplink.carries()) {
            uplink.disconnect();
            unreachable();
        } else if (from.get().address().equals(source)) {
            send(from.get(), octets);
        }
    }

    private void send(Station from, byte[] octets) {
        lives.process().step();
        user.sends(from, octets);
        nature.network().send(from, ServerHost.ADDRESS, octets, nature.chance());
        if (!server.isRunning() && nature.chance().nextBoolean()) {
            nature.time().after(LONGEST_LATENCY, lives.process().inThisLife(this::unreachable));
        }
        lives.process().step();
    }

    @Override
    public void answer(long ticket, MappingOutcome outcome) {
        lives.process().step();
        user.answered(ticket, outcome);
    }

    @Override
    public void tell(MappingEvent event) {
        lives.process().step();
        user.told(event);
    }
}
