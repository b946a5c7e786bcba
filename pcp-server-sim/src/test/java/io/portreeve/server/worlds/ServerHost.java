package io.portreeve.server.worlds;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.pcp.wire.DecodedNatPmpRequest;
import io.portreeve.pcp.wire.DecodedRequest;
import io.portreeve.pcp.wire.NatPmpDecoder;
import io.portreeve.pcp.wire.NatPmpEncoder;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.runtime.Owned;
import io.portreeve.server.WorldServer;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.engine.Addition;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.ServerEffect.Administered;
import io.portreeve.server.engine.ServerEffect.AnnounceToAll;
import io.portreeve.server.engine.ServerEffect.Answer;
import io.portreeve.server.engine.ServerEffect.Ignore;
import io.portreeve.server.engine.ServerEffect.Listing;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.RefuseNatPmp;
import io.portreeve.server.engine.ServerEffect.Renumbered;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEffect.ReplyNatPmp;
import io.portreeve.server.engine.ServerEffect.Send;
import io.portreeve.server.engine.ServerEffect.SendNatPmp;
import io.portreeve.server.engine.ServerEffect.Sent;
import io.portreeve.server.engine.ServerEffect.Shown;
import io.portreeve.server.engine.ServerEffect.Unasked;
import io.portreeve.server.engine.ServerEvent;
import io.portreeve.server.engine.ServerEvent.AddStatic;
import io.portreeve.server.engine.ServerEvent.Clear;
import io.portreeve.server.engine.ServerEvent.ClearOf;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerEvent.ReceivedNatPmp;
import io.portreeve.server.engine.ServerEvent.Refused;
import io.portreeve.server.engine.ServerEvent.RefusedNatPmp;
import io.portreeve.server.engine.ServerEvent.Renumber;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.storage.StorageException;
import io.portreeve.worlds.Inbox;
import io.portreeve.worlds.InvariantBroken;
import io.portreeve.worlds.Station;
import io.portreeve.worlds.VirtualProcess;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The machine on which the server is started, killed, and started again. */
final class ServerHost {
    static final Station ADDRESS = new Station(PcpAddress.parse("100.64.0.1"), PcpMessage.SERVER_PORT);
    private static final Duration PAUSE_AFTER_FAILED_START = Duration.ofSeconds(1);

    private final Parts parts;
    private final ServerPolicy policy;
    private final DiskStore store;
    private final Map<Long, Unanswered> unanswered = new HashMap<>();
    private VirtualProcess process = new VirtualProcess();
    private Owned<ServerEvent> loop;
    private Action.Kill death = new Action.Kill(0, Action.Aftermath.NOTHING, PAUSE_AFTER_FAILED_START);
    private Optional<Action.Kill> deathAtStart = Optional.empty();
    private final Inbox<ServerEvent> inbox;
    private long lastDatagram;

    ServerHost(Parts parts, ServerPolicy policy) {
        this.parts = parts;
        inbox = new Inbox<>(parts.time, parts.chance, this::batch);
        this.policy = policy;
        store = new DiskStore(parts.disk, parts.machine, () -> process.step());
    }

    DiskStore store() {
        return store;
    }

    boolean isServing() {
        return loop != null;
    }

    void start() {
        process = new VirtualProcess();
        inbox.beginFor(process);
        unanswered.clear();
        deathAtStart.ifPresent(this::arm);
        deathAtStart = Optional.empty();
        parts.checker.starting();
        try {
            var cgn = new WorldCgn(parts, process);
            loop = WorldServer.start(
                    policy, cgn, store, parts.machine::uptime, parts.chance, inbox::put, this::send, this::show);
            parts.network.listen(ADDRESS, this::received);
            parts.note("started", policy);
            parts.checker.started();
            scheduleDue();
        } catch (StorageException e) {
            parts.note("start failed", e.getMessage());
            die(new Action.Kill(0, Action.Aftermath.NOTHING, PAUSE_AFTER_FAILED_START));
        } catch (VirtualProcess.Killed e) {
            parts.reached.add("killed in the start");
            die(death);
        }
    }

    /** A server that is down already is killed while it starts. */
    void kill(Action.Kill kill) {
        if (!isServing()) {
            deathAtStart = Optional.of(kill);
        } else if (kill.steps() == 0) {
            die(kill);
        } else {
            arm(kill);
        }
    }

    private void arm(Action.Kill kill) {
        death = kill;
        process.killAfter(kill.steps());
    }

    void spare() {
        deathAtStart = Optional.empty();
        process.spare();
    }

    private void die(Action.Kill how) {
        parts.note("died " + how.aftermath(), how);
        process.kill();
        loop = null;
        parts.network.close(ADDRESS);
        parts.disk.crash(parts.chance);
        parts.cgn.serverDied();
        parts.checker.died();
        parts.orders.serverDied();
        switch (how.aftermath()) {
            case NOTHING -> {}
            case FILES_REMOVED -> {
                parts.disk.wipe();
                parts.checker.wiped();
            }
            case REBOOT -> {
                parts.machine.reboot();
                parts.dump.clocksChanged();
                parts.checker.rebooted();
            }
            case CGN_RESTARTED -> parts.cgn.lose();
        }
        parts.time.after(how.down(), this::start);
    }

    void pause(Duration time) {
        inbox.pause(time);
    }

    private void received(Station from, byte[] octets) {
        long id = ++lastDatagram;
        if (octets[0] == 0) {
            receivedNatPmp(id, from, octets);
            return;
        }
        var source = source(from);
        var decoded = PcpDecoder.decodeRequest(ByteBuffer.wrap(octets), from.address(), policy.opcodes());
        parts.trace.add("received", decoded, octets);
        if (decoded instanceof DecodedRequest.Drop) {
            return;
        }
        unanswered.put(id, new Unanswered(from, octets, decoded instanceof DecodedRequest.Ok));
        parts.checker.received(id, from, octets);
        switch (decoded) {
            case DecodedRequest.Ok(var request) -> inbox.put(new Received(id, Client.of(source), request));
            case DecodedRequest.Refuse(var result) -> inbox.put(new Refused(id, Client.of(source), result));
            case DecodedRequest.Drop _ -> {}
        }
    }

    private static Endpoint source(Station from) {
        return new Endpoint(from.address(), from.port());
    }

    private void receivedNatPmp(long id, Station from, byte[] octets) {
        var decoded = NatPmpDecoder.decodeRequest(ByteBuffer.wrap(octets));
        parts.trace.add("received", decoded, octets);
        if (decoded instanceof DecodedNatPmpRequest.Drop) {
            return;
        }
        unanswered.put(id, new Unanswered(from, octets, true));
        parts.checker.receivedNatPmp(id, from, octets);
        switch (decoded) {
            case DecodedNatPmpRequest.Ok(var request) ->
                inbox.put(new ReceivedNatPmp(id, Client.of(source(from)), request));
            case DecodedNatPmpRequest.Refuse(var result) ->
                inbox.put(new RefusedNatPmp(id, Client.of(source(from)), result));
            case DecodedNatPmpRequest.Drop _ -> {}
        }
    }

    /** The operator wants something. */
    void operate(ServerEvent event) {
        inbox.put(event);
    }

    private void scheduleDue() {
        inbox.schedule(parts.machine.atUptime(loop.nextDue()));
    }

    private void batch(List<ServerEvent> events) {
        events.forEach(this::tellChecker);
        try {
            loop.handle(events, parts.machine.uptime());
        } catch (VirtualProcess.Killed e) {
            parts.reached.add("killed in the middle");
            die(death);
            return;
        }
        parts.checker.batchDone();
        if (!inbox.isEmpty()) {
            inbox.scheduleSoon();
        }
        scheduleDue();
    }

    /** What the operator says takes effect when the server hears of it. */
    private void tellChecker(ServerEvent event) {
        switch (event) {
            case Clear() -> parts.checker.clears(Optional.empty());
            case ClearOf(var subscriber) -> parts.checker.clears(Optional.of(subscriber.address()));
            case Renumber(var _, var subscriber, var _) -> parts.checker.hearsOfMove(subscriber.address());
            case AddStatic(var _, var subscriber, var _, var _, var _) ->
                parts.checker.hearsOfStatic(subscriber.address());
            default -> {}
        }
    }

    private void show(Shown answer) {
        process.step();
        switch (answer) {
            case Administered(long id, var outcome) -> {
                parts.note("operator: " + outcome.getClass().getSimpleName(), outcome);
                switch (outcome) {
                    case Addition.Added() -> parts.orders.done(id);
                    case Addition.WasThere() -> parts.orders.wasThere(id);
                    default -> parts.orders.told(id);
                }
            }
            case Renumbered(long id, var outcome) -> {
                parts.note("operator: " + outcome.getClass().getSimpleName(), outcome);
                parts.orders.told(id);
            }
            case Listing listing -> throw new AssertionError(listing);
        }
    }

    private void send(Sent message) {
        process.step();
        switch (message) {
            case Answer answer -> answer(answer);
            case Unasked unasked -> tell(unasked);
        }
    }

    private void answer(Answer answer) {
        var datagram = unanswered.remove(answer.requestId());
        if (datagram == null) {
            throw new InvariantBroken("answers", "a second answer to one request: " + answer);
        }
        switch (answer) {
            case Reply(var _, var response) -> send(answer, datagram, PcpEncoder.encode(response));
            case Refuse(var _, var result, var lifetime, var epoch) ->
                send(answer, datagram, datagram.refused(result, lifetime, epoch));
            case ReplyNatPmp(var _, var response) -> sendNatPmp(answer, datagram, NatPmpEncoder.encode(response));
            case RefuseNatPmp(var _, var result, var epoch) ->
                reply(datagram, NatPmpEncoder.error(ByteBuffer.wrap(datagram.octets()), result, epoch));
            case Ignore(long id) -> parts.checker.ignored(id);
        }
    }

    /** What nobody asked for. */
    private void tell(Unasked unasked) {
        switch (unasked) {
            case Send(var client, var response) -> {
                var octets = PcpEncoder.encode(response);
                parts.trace.add("tells", response, octets);
                parts.checker.told(client.address(), octets);
                parts.network.send(
                        ADDRESS, new Station(client.address(), client.endpoint().port()), octets, parts.chance);
            }
            case AnnounceToAll(var response) -> parts.checker.toldAll(PcpEncoder.encode(response));
            case SendNatPmp _ -> {} // what it says is asked for, too
        }
    }

    private void send(Answer answer, Unanswered datagram, byte[] octets) {
        parts.trace.add("answers", answer, octets);
        parts.checker.answered(answer.requestId(), datagram.from().address(), octets);
        reply(datagram, octets);
    }

    private void sendNatPmp(Answer answer, Unanswered datagram, byte[] octets) {
        parts.trace.add("answers", answer, octets);
        parts.checker.answeredNatPmp(answer.requestId(), datagram.from().address(), octets);
        reply(datagram, octets);
    }

    private void reply(Unanswered datagram, byte[] octets) {
        parts.network.send(ADDRESS, datagram.from(), octets, parts.chance);
    }
}
