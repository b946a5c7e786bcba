package io.portreeve.client.worlds;

import io.portreeve.client.worlds.checker.ServerRow;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.pcp.PcpResponse;
import io.portreeve.pcp.wire.DecodedRequest;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.runtime.Owned;
import io.portreeve.server.WorldServer;
import io.portreeve.server.cgn.CgnLimits;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.MockCgn;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.ServerEffect;
import io.portreeve.server.engine.ServerEvent;
import io.portreeve.server.worlds.Cell;
import io.portreeve.server.worlds.DiskStore;
import io.portreeve.server.worlds.Unanswered;
import io.portreeve.storage.StorageException;
import io.portreeve.worlds.Inbox;
import io.portreeve.worlds.Station;
import io.portreeve.worlds.VirtualDisk;
import io.portreeve.worlds.VirtualMachine;
import io.portreeve.worlds.VirtualProcess;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The machine on which the real server is started, killed, and started again. */
final class ServerHost {
    static final Station ADDRESS = new Station(PcpAddress.parse("100.64.0.1"), PcpMessage.SERVER_PORT);
    private static final Action.KillServer FAILED_START =
            new Action.KillServer(0, Action.Aftermath.NOTHING, Duration.ofSeconds(1));

    private final Parts parts;
    private final VirtualMachine machine;
    private final VirtualDisk<Object, Cell> disk = new VirtualDisk<>();
    private final DiskStore store;
    private final Map<Long, Unanswered> unanswered = new HashMap<>();
    private VirtualProcess process = new VirtualProcess();
    private Owned<ServerEvent> loop;
    private MockCgn cgn;
    private RefusingCgn mood;
    private Action.KillServer death = FAILED_START;
    private final Inbox<ServerEvent> inbox;
    private long lastDatagram;

    /** The operator, or the CGN, is taking something away. */
    private boolean isLosing;

    ServerHost(Parts parts) {
        this.parts = parts;
        inbox = new Inbox<>(parts.time, parts.chance, this::batch);
        machine = new VirtualMachine(parts.time, Duration.ofDays(3));
        store = new DiskStore(disk, machine, () -> process.step());
    }

    DiskStore store() {
        return store;
    }

    boolean isServing() {
        return loop != null;
    }

    boolean isQuiet() {
        return isServing() && inbox.isEmpty() && !isLosing;
    }

    void start() {
        process = new VirtualProcess();
        inbox.beginFor(process);
        unanswered.clear();
        cgn = new MockCgn(SmallWorld.POOL, CgnLimits.of(1000), machine::uptime, parts.chance);
        mood = new RefusingCgn(cgn, parts.chance, () -> process.step());
        try {
            loop = WorldServer.start(
                    SmallWorld.POLICY, mood.asCgn(), store, machine::uptime, parts.chance, inbox::put, this::send);
            parts.network.listen(ADDRESS, this::received);
            parts.note("server started", disk.durable().size());
            scheduleDue();
        } catch (StorageException e) {
            parts.note("server cannot start", e.getMessage());
            die(FAILED_START);
        }
    }

    void kill(Action.KillServer kill) {
        if (!isServing()) {
            return;
        }
        death = kill;
        if (kill.steps() == 0) {
            die(kill);
        } else {
            process.killAfter(kill.steps());
        }
    }

    void spare() {
        process.spare();
    }

    private void die(Action.KillServer how) {
        parts.note("server died " + how.aftermath(), how);
        process.kill();
        loop = null;
        parts.network.close(ADDRESS);
        disk.crash(parts.chance);
        switch (how.aftermath()) {
            case NOTHING -> {}
            case FILES_REMOVED -> {
                disk.wipe();
                parts.checker.serverLoses();
            }
            case REBOOT -> machine.reboot();
        }
        parts.time.after(how.down(), this::start);
    }

    void pause(Duration time) {
        inbox.pause(time);
    }

    void refuse(double share) {
        mood.refuse(share);
    }

    /** {@return the server's customer at whom the client is} */
    private SubscriberId subscriber() {
        return new SubscriberId(parts.client.address());
    }

    void deleteSubscriber() {
        if (isServing()) {
            losing();
            cgn.deleteSubscriber(subscriber());
        }
    }

    void clear() {
        operate(new ServerEvent.Clear());
    }

    void clearSubscriber() {
        operate(new ServerEvent.ClearOf(subscriber()));
    }

    void renumber(PcpAddress external) {
        operate(new ServerEvent.Renumber(subscriber(), external));
        deleteSubscriber();
    }

    private void operate(ServerEvent event) {
        if (isServing()) {
            losing();
            inbox.put(event);
        }
    }

    private void losing() {
        isLosing = true;
        parts.checker.serverLoses();
    }

    private void received(Station from, byte[] octets) {
        var decoded = PcpDecoder.decodeRequest(ByteBuffer.wrap(octets), from.address(), SmallWorld.POLICY.opcodes());
        parts.trace.add("server received", decoded, octets);
        long id = ++lastDatagram;
        var source = new Endpoint(from.address(), from.port());
        unanswered.put(id, new Unanswered(from, octets, decoded instanceof DecodedRequest.Ok));
        switch (decoded) {
            case DecodedRequest.Ok(var request) -> {
                if (request instanceof MapRequest map) {
                    parts.checker.reaches(map);
                }
                inbox.put(new ServerEvent.Received(id, source, request));
            }
            case DecodedRequest.Refuse(var result) -> inbox.put(new ServerEvent.Refused(id, source, result));
            case DecodedRequest.Drop _ -> unanswered.remove(id);
        }
    }

    private void scheduleDue() {
        inbox.schedule(machine.atUptime(loop.nextDue()));
    }

    private void batch(List<ServerEvent> events) {
        try {
            loop.handle(events, machine.uptime());
        } catch (VirtualProcess.Killed e) {
            parts.reached.add("server killed in the middle");
            die(death);
            return;
        }
        if (isLosing) {
            parts.checker.serverLoses();
            isLosing = !inbox.isEmpty();
        }
        if (!inbox.isEmpty()) {
            inbox.scheduleSoon();
        }
        scheduleDue();
    }

    private void send(ServerEffect.Sent message) {
        process.step();
        switch (message) {
            case ServerEffect.Reply(long id, var response) ->
                send(unanswered.remove(id).from(), response);
            case ServerEffect.Refuse(long id, var result, var lifetime, var epoch) -> {
                var datagram = unanswered.remove(id);
                send(datagram.from(), "refuses", datagram.refused(result, lifetime, epoch));
            }
            case ServerEffect.Ignore(long id) -> unanswered.remove(id);
            case ServerEffect.Send(var client, var response) ->
                send(new Station(client.address(), client.port()), response);
            case ServerEffect.AnnounceToAll(var response) -> send(parts.client.forAll(), response);
            case ServerEffect.ReplyNatPmp _, ServerEffect.RefuseNatPmp _, ServerEffect.SendNatPmp _ -> {}
        }
    }

    private void send(Station to, PcpResponse response) {
        if (response instanceof MapResponse map && map.isSuccess()) {
            parts.checker.serverSays(map);
        }
        send(to, "server sends", PcpEncoder.encode(response));
    }

    private void send(Station to, String what, byte[] octets) {
        parts.trace.add(what, to, octets);
        parts.network.send(ADDRESS, to, octets, parts.chance);
    }

    /** {@return what is in force and on the disk for whoever asks from {@code client}} */
    List<ServerRow> table(PcpAddress client) {
        return isServing() ? ServerTable.rows(disk, machine, cgn, new SubscriberId(client)) : List.of();
    }
}
