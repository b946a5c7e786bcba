package io.portreeve.client.worlds;

import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingView;
import io.portreeve.client.worlds.checker.StoredRow;
import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.wire.DecodedRequest;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.storage.StorageException;
import io.portreeve.worlds.InvariantBroken;
import io.portreeve.worlds.NextBatch;
import io.portreeve.worlds.Station;
import io.portreeve.worlds.VirtualDisk;
import io.portreeve.worlds.VirtualMachine;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** The machine on which the client is started, killed, and started again. Its socket hears nobody but its server. */
final class ClientHost implements EngineLoop.Surroundings, Lives.Program {
    private static final Duration LONGEST_LATENCY = Duration.ofMillis(1);

    private static final Duration UNTIL_ONLINE = Duration.ofSeconds(1);

    private final Parts parts;
    private final VirtualMachine machine;
    private final VirtualDisk<MappingKey, StoredRow> disk = new VirtualDisk<>();
    private final ClientDisk store;
    private final Uplink uplink;
    private final Lives lives;
    private EngineLoop loop;
    private final NextBatch next;

    ClientHost(Parts parts) {
        this.parts = parts;
        lives = new Lives(parts.nature, "client", this);
        next = new NextBatch(parts.time);
        machine = new VirtualMachine(parts.time, Duration.ofDays(1));
        store = new ClientDisk(disk, machine, () -> lives.process().step());
        uplink = new Uplink(parts.network, parts.chance, SmallWorld.CLIENTS.getFirst(), this::received);
    }

    VirtualMachine machine() {
        return machine;
    }

    VirtualDisk<MappingKey, StoredRow> disk() {
        return disk;
    }

    ClientDisk store() {
        return store;
    }

    boolean isOnline() {
        return uplink.isUp();
    }

    PcpAddress address() {
        return uplink.address();
    }

    Station forAll() {
        return uplink.forAll();
    }

    Optional<Station> socket() {
        return uplink.socket();
    }

    /** {@return what kills it} */
    Lives lives() {
        return lives;
    }

    @Override
    public boolean isRunning() {
        return loop != null;
    }

    @Override
    public void start() {
        if (!isOnline()) {
            parts.time.after(UNTIL_ONLINE, this::start);
            return;
        }
        lives.begin();
        next.forget();
        parts.note("client started", disk.durable());
        parts.checker.started();
        parts.claims.ifPresent(parts.checker::startsAuditing);
        try {
            loop = new EngineLoop(parts.claims, parts.chance, store, machine.uptime(), this, new SmallWitness(parts));
        } catch (StorageException e) {
            throw new InvariantBroken("start", e.toString());
        }
        uplink.listen();
        scheduleDue();
    }

    @Override
    public void dies(Aftermath aftermath) {
        loop = null;
        uplink.close();
        disk.crash(parts.chance);
        switch (aftermath) {
            case NOTHING -> {}
            case FILES_REMOVED -> disk.wipe();
            case REBOOT -> machine.reboot();
        }
        parts.checker.died();
        parts.applications.clientDied();
    }

    void move(Action.Move move) {
        uplink.down();
        tellOfNetwork();
        parts.time.after(move.without(), () -> {
            uplink.up(move.address());
            tellOfNetwork();
        });
    }

    private void tellOfNetwork() {
        if (isRunning()) {
            loop.networkChanges();
            scheduleSoon();
        }
    }

    void want(long ticket, MappingRequest request) {
        loop.want(ticket, request);
        scheduleSoon();
    }

    void release(long ticket, String owner, MappingKey key) {
        loop.release(ticket, owner, key);
        scheduleSoon();
    }

    void audit(long ticket) {
        loop.audit(ticket);
        scheduleSoon();
    }

    List<MappingView> listing() {
        return loop.listing(machine.uptime());
    }

    private void received(Station from, byte[] octets) {
        if (!from.equals(ServerHost.ADDRESS)) {
            parts.trace.add("not from the server", from, octets);
            return;
        }
        parts.trace.add("client received", from, octets);
        loop.received(octets);
        scheduleSoon();
    }

    /** The server's machine says that nobody listens there. */
    private void unreachable() {
        parts.reached.add("unreachable");
        loop.unreachable();
        scheduleSoon();
    }

    private void scheduleSoon() {
        scheduleBatch(parts.time.now().plus(parts.chance.within(LONGEST_LATENCY)));
    }

    private void scheduleDue() {
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
        var decoded = PcpDecoder.decodeRequest(ByteBuffer.wrap(octets), from.address(), EnumSet.allOf(Opcode.class));
        parts.trace.add("client sends", decoded, octets);
        switch (decoded) {
            case DecodedRequest.Ok(MapRequest request) -> parts.checker.sends(request);
            case DecodedRequest.Ok(AnnounceRequest _) -> parts.reached.add("probe");
            case DecodedRequest.Ok(GetRequest _) -> parts.reached.add("question");
            default -> throw new InvariantBroken("request", "sent: " + decoded);
        }
        parts.network.send(from, ServerHost.ADDRESS, octets, parts.chance);
        if (!parts.server.isRunning() && parts.chance.nextBoolean()) {
            parts.time.after(LONGEST_LATENCY, lives.process().inThisLife(this::unreachable));
        }
        lives.process().step();
    }

    @Override
    public void answer(long ticket, MappingOutcome outcome) {
        lives.process().step();
        parts.trace.add("answers", outcome, ticket);
        parts.reached.add(
                outcome instanceof MappingOutcome.Refused(int result, var _)
                        ? "refused " + ResultCode.nameOf(result)
                        : "answer " + outcome.getClass().getSimpleName());
        parts.applications.answered(ticket, outcome);
    }

    @Override
    public void tell(MappingEvent event) {
        lives.process().step();
        parts.note("told " + event.getClass().getSimpleName(), event);
        if (event instanceof MappingEvent.Lost(var key)) {
            parts.applications.lost(key);
        }
    }
}
