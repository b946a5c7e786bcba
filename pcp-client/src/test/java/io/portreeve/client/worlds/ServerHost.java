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
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.ServerEffect;
import io.portreeve.server.engine.ServerEvent;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.worlds.Cell;
import io.portreeve.server.worlds.DiskStore;
import io.portreeve.server.worlds.Unanswered;
import io.portreeve.storage.StorageException;
import io.portreeve.worlds.Inbox;
import io.portreeve.worlds.Station;
import io.portreeve.worlds.VirtualDisk;
import io.portreeve.worlds.VirtualMachine;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The machine on which the real server is started, killed, and started again. */
public final class ServerHost implements Lives.Program {
    public static final Station ADDRESS = new Station(PcpAddress.parse("100.64.0.1"), PcpMessage.SERVER_PORT);

    /** Who looks on, and hears what the server says to all. */
    public interface Onlookers {

        /** The server loses something that it has granted, and it is nobody's fault. */
        void serverLoses();

        default void reaches(MapRequest request) {}

        default void serverSays(MapResponse response) {}

        /** {@return where its clients listen} */
        List<Station> forAll();
    }

    private final Nature nature;
    private final ServerPolicy policy;
    private final List<PoolRange> pool;
    private final Onlookers onlookers;
    private final VirtualMachine machine;
    private final VirtualDisk<Object, Cell> disk = new VirtualDisk<>();
    private final DiskStore store;
    private final Map<Long, Unanswered> unanswered = new HashMap<>();
    private final Lives lives;
    private Owned<ServerEvent> loop;
    private MockCgn cgn;
    private RefusingCgn mood;
    private final Inbox<ServerEvent> inbox;
    private long lastDatagram;

    /** The operator, or the CGN, is taking something away. */
    private boolean isLosing;

    public ServerHost(Nature nature, ServerPolicy policy, List<PoolRange> pool, Onlookers onlookers) {
        this.nature = nature;
        this.policy = policy;
        this.pool = pool;
        this.onlookers = onlookers;
        lives = new Lives(nature, "server", this);
        inbox = new Inbox<>(nature.time(), nature.chance(), this::batch);
        machine = new VirtualMachine(nature.time(), Duration.ofDays(3));
        store = new DiskStore(disk, machine, () -> lives.process().step());
    }

    public DiskStore store() {
        return store;
    }

    /** {@return what kills it} */
    public Lives lives() {
        return lives;
    }

    @Override
    public boolean isRunning() {
        return loop != null;
    }

    public boolean isQuiet() {
        return isRunning() && inbox.isEmpty() && !isLosing;
    }

    @Override
    public void start() {
        lives.begin();
        inbox.beginFor(lives.process());
        unanswered.clear();
        cgn = new MockCgn(pool, CgnLimits.of(1000), machine::uptime, nature.chance());
        mood = new RefusingCgn(cgn, nature.chance(), () -> lives.process().step());
        try {
            loop = WorldServer.start(
                    policy, mood.asCgn(), store, machine::uptime, nature.chance(), inbox::put, this::send, _ -> {});
            nature.network().listen(ADDRESS, this::received);
            nature.note("server started", disk.durable().size());
            scheduleDue();
        } catch (StorageException e) {
            nature.note("server cannot start", e.getMessage());
            lives.failToStart();
        }
    }

    @Override
    public void dies(Aftermath aftermath) {
        loop = null;
        nature.network().close(ADDRESS);
        disk.crash(nature.chance());
        switch (aftermath) {
            case NOTHING -> {}
            case FILES_REMOVED -> {
                disk.wipe();
                onlookers.serverLoses();
            }
            case REBOOT -> machine.reboot();
        }
    }

    public void pause(Duration time) {
        inbox.pause(time);
    }

    public void refuse(double share) {
        mood.refuse(share);
    }

    public void deleteSubscriber(PcpAddress client) {
        if (isRunning()) {
            losing();
            cgn.deleteSubscriber(new SubscriberId(client));
        }
    }

    public void clear() {
        operate(new ServerEvent.Clear());
    }

    public void clearSubscriber(PcpAddress client) {
        operate(new ServerEvent.ClearOf(new SubscriberId(client)));
    }

    public void renumber(PcpAddress client, PcpAddress external) {
        operate(new ServerEvent.Renumber(0, new SubscriberId(client), external));
        deleteSubscriber(client);
    }

    private void operate(ServerEvent event) {
        if (isRunning()) {
            losing();
            inbox.put(event);
        }
    }

    private void losing() {
        isLosing = true;
        onlookers.serverLoses();
    }

    private void received(Station from, byte[] octets) {
        var decoded = PcpDecoder.decodeRequest(ByteBuffer.wrap(octets), from.address(), policy.opcodes());
        nature.trace().add("server received", decoded, octets);
        long id = ++lastDatagram;
        var source = new Endpoint(from.address(), from.port());
        unanswered.put(id, new Unanswered(from, octets, decoded instanceof DecodedRequest.Ok));
        switch (decoded) {
            case DecodedRequest.Ok(var request) -> {
                if (request instanceof MapRequest map) {
                    onlookers.reaches(map);
                }
                inbox.put(new ServerEvent.Received(id, Client.of(source), request));
            }
            case DecodedRequest.Refuse(var result) -> inbox.put(new ServerEvent.Refused(id, Client.of(source), result));
            case DecodedRequest.Drop _ -> unanswered.remove(id);
        }
    }

    private void scheduleDue() {
        inbox.schedule(machine.atUptime(loop.nextDue()));
    }

    private void batch(List<ServerEvent> events) {
        if (!lives.survives(() -> loop.handle(events, machine.uptime()))) {
            return;
        }
        if (isLosing) {
            onlookers.serverLoses();
            isLosing = !inbox.isEmpty();
        }
        if (!inbox.isEmpty()) {
            inbox.scheduleSoon();
        }
        scheduleDue();
    }

    private void send(ServerEffect.Sent message) {
        lives.process().step();
        switch (message) {
            case ServerEffect.Reply(long id, var response) ->
                send(unanswered.remove(id).from(), response);
            case ServerEffect.Refuse(long id, var result, var lifetime, var epoch) -> {
                var datagram = unanswered.remove(id);
                send(datagram.from(), "refuses", datagram.refused(result, lifetime, epoch));
            }
            case ServerEffect.Ignore(long id) -> unanswered.remove(id);
            case ServerEffect.Send(var client, var response) ->
                send(new Station(client.address(), client.endpoint().port()), response);
            case ServerEffect.AnnounceToAll(var response) ->
                onlookers.forAll().forEach(station -> send(station, response));
            case ServerEffect.ReplyNatPmp _, ServerEffect.RefuseNatPmp _, ServerEffect.SendNatPmp _ -> {}
        }
    }

    private void send(Station to, PcpResponse response) {
        if (response instanceof MapResponse map && map.isSuccess()) {
            onlookers.serverSays(map);
        }
        send(to, "server sends", PcpEncoder.encode(response));
    }

    private void send(Station to, String what, byte[] octets) {
        nature.trace().add(what, to, octets);
        nature.network().send(ADDRESS, to, octets, nature.chance());
    }

    /** {@return what is in force and on the disk for whoever asks from {@code client}} */
    public List<ServerRow> table(PcpAddress client) {
        return isRunning() ? ServerTable.rows(disk, machine, cgn, new SubscriberId(client)) : List.of();
    }
}
