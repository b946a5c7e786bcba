package io.portreeve.client.worlds;

import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingOutcome;
import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.wire.DecodedRequest;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.storage.StorageException;
import io.portreeve.worlds.InvariantBroken;
import io.portreeve.worlds.Station;
import io.portreeve.worlds.VirtualMachine;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;

/** The machine on which the client is started, killed, and started again. */
final class ClientHost implements NetworkedClient.User, Lives.Program {
    private static final Duration UNTIL_ONLINE = Duration.ofSeconds(1);

    private final Parts parts;
    private final VirtualMachine machine;
    private final Lives lives;
    private final NetworkedClient pcp;

    ClientHost(Parts parts) {
        this.parts = parts;
        lives = new Lives(parts.nature, "client", this);
        machine = new VirtualMachine(parts.time, Duration.ofDays(1));
        pcp = new NetworkedClient(parts.nature, parts.server, machine, lives, SmallWorld.CLIENTS.getFirst(), this);
    }

    VirtualMachine machine() {
        return machine;
    }

    /** {@return what runs on it} */
    NetworkedClient pcp() {
        return pcp;
    }

    PcpAddress address() {
        return pcp.uplink().address();
    }

    /** {@return what kills it} */
    Lives lives() {
        return lives;
    }

    @Override
    public boolean isRunning() {
        return pcp.isRunning();
    }

    @Override
    public void start() {
        if (!pcp.uplink().isUp()) {
            parts.time.after(UNTIL_ONLINE, this::start);
            return;
        }
        lives.begin();
        parts.note("client started", pcp.disk().durable());
        parts.checker.started();
        parts.claims.ifPresent(parts.checker::startsAuditing);
        try {
            pcp.start(parts.claims, new SmallWitness(parts));
        } catch (StorageException e) {
            throw new InvariantBroken("start", e.toString());
        }
        pcp.scheduleDue();
    }

    @Override
    public void dies(Aftermath aftermath) {
        pcp.die();
        switch (aftermath) {
            case NOTHING -> {}
            case FILES_REMOVED -> pcp.disk().wipe();
            case REBOOT -> machine.reboot();
        }
        parts.checker.died();
        parts.applications.clientDied();
    }

    void move(Action.Move move) {
        pcp.uplink().down();
        tellOfNetwork();
        parts.time.after(move.without(), () -> {
            pcp.uplink().up(move.address());
            tellOfNetwork();
        });
    }

    private void tellOfNetwork() {
        if (isRunning()) {
            pcp.networkChanges();
        }
    }

    @Override
    public void ignores(Station from, byte[] octets) {
        parts.trace.add("not from the server", from, octets);
    }

    @Override
    public void hears(Station server, byte[] octets) {
        parts.trace.add("client received", server, octets);
    }

    @Override
    public void sends(Station from, byte[] octets) {
        var decoded = PcpDecoder.decodeRequest(ByteBuffer.wrap(octets), from.address(), EnumSet.allOf(Opcode.class));
        parts.trace.add("client sends", decoded, octets);
        switch (decoded) {
            case DecodedRequest.Ok(MapRequest request) -> parts.checker.sends(request);
            case DecodedRequest.Ok(AnnounceRequest _) -> parts.reached.add("probe");
            case DecodedRequest.Ok(GetRequest _) -> parts.reached.add("question");
            default -> throw new InvariantBroken("request", "sent: " + decoded);
        }
    }

    @Override
    public void answered(long ticket, MappingOutcome outcome) {
        parts.trace.add("answers", outcome, ticket);
        parts.reached.add(
                outcome instanceof MappingOutcome.Refused(int result, var _)
                        ? "refused " + ResultCode.nameOf(result)
                        : "answer " + outcome.getClass().getSimpleName());
        parts.applications.answered(ticket, outcome);
    }

    @Override
    public void told(MappingEvent event) {
        parts.note("told " + event.getClass().getSimpleName(), event);
        if (event instanceof MappingEvent.Lost(var key)) {
            parts.applications.lost(key);
        }
    }
}
