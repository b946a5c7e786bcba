package io.portreeve.client.worlds;

import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingView;
import io.portreeve.client.PcpServer;
import io.portreeve.client.ServerAddress;
import io.portreeve.client.engine.ClientEngine;
import io.portreeve.client.engine.ClientEvent;
import io.portreeve.client.engine.ClientPolicy;
import io.portreeve.client.engine.Effect;
import io.portreeve.client.engine.MappingId;
import io.portreeve.client.store.MappingStore;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.natpmp.NatPmpRequest;
import io.portreeve.pcp.wire.DecodedResponse;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.storage.StorageException;
import io.portreeve.worlds.InvariantBroken;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Runs the engine as the schedule manager does: what is sent is on disk before, what was answered waits up to a second for its
 * row, and what cannot be written is owed. All of the worlds that knows the engine's words stands here.
 */
public final class EngineLoop {
    private static final Duration LATEST = Duration.ofSeconds(1);

    /** As the engine knows it; the worlds' network has it where it has it. */
    public static final ServerAddress SERVER = ServerAddress.at(PcpAddress.parse("192.0.2.1"), 5351);

    /** What the engine has done around it. */
    public interface Surroundings {
        /** {@return where what is sent leaves from; empty if there is no way} */
        Optional<PcpAddress> connect();

        /** @param source from where it says that it comes */
        void send(PcpAddress source, byte[] octets);

        void answer(long ticket, MappingOutcome outcome);

        void tell(MappingEvent event);
    }

    private final ClientEngine engine;
    private final MappingStore store;
    private final Surroundings world;
    private final Witness witness;
    private final List<ClientEvent> inbox = new ArrayList<>();
    private final Map<MappingId, Effect.Stored> unstored = new LinkedHashMap<>();
    private MonoTime storeDue = MonoTime.NEVER;
    private List<MappingView> listing = List.of();

    /** @param claims as {@link ClientPolicy} has them */
    public EngineLoop(
            Optional<Duration> claims,
            RandomGenerator random,
            MappingStore store,
            MonoTime now,
            Surroundings world,
            Witness witness)
            throws StorageException {
        this.store = store;
        this.world = world;
        this.witness = witness;
        engine = new ClientEngine(
                new ClientPolicy(Duration.ZERO, claims, MonoTime.START),
                store.load(now),
                () -> new MappingNonce(random.nextInt(), random.nextInt(), random.nextInt()),
                random);
        engine.handle(new ClientEvent.Servers(List.of(PcpServer.at(SERVER))), now);
        world.connect().ifPresent(source -> engine.handle(new ClientEvent.Connected(SERVER, source), now));
    }

    public void want(long ticket, MappingRequest request) {
        inbox.add(new ClientEvent.Want(ticket, request));
    }

    public void release(long ticket, String owner, MappingKey key) {
        inbox.add(new ClientEvent.Release(ticket, owner, key));
    }

    public void audit(long ticket) {
        inbox.add(new ClientEvent.Audit(ticket));
    }

    public void received(byte[] octets) {
        switch (PcpDecoder.decodeResponse(ByteBuffer.wrap(octets))) {
            case DecodedResponse.Ok(var response) -> inbox.add(new ClientEvent.Received(SERVER, response));
            case DecodedResponse.OtherVersion(int version, var lifetime) ->
                inbox.add(new ClientEvent.OtherVersion(SERVER, version, lifetime));
            case DecodedResponse.Drop _ -> {}
        }
    }

    public void unreachable() {
        inbox.add(new ClientEvent.Unreachable(SERVER));
    }

    public void networkChanges() {
        inbox.add(new ClientEvent.NetworkChanged());
    }

    /** As the client's channels do. */
    public void connect() {
        inbox.add(world.connect()
                .<ClientEvent>map(source -> new ClientEvent.Connected(SERVER, source))
                .orElseGet(() -> new ClientEvent.Unreachable(SERVER)));
    }

    public MonoTime nextDue() {
        return engine.nextDue().earlier(storeDue);
    }

    public List<MappingView> listing(MonoTime now) {
        engine.handle(new ClientEvent.ListMappings(0), now).forEach(this::perform);
        return listing;
    }

    /** Everything that came in, in one batch. */
    public void batch(MonoTime now) {
        var events = new ArrayList<>(inbox);
        inbox.clear();
        events.add(new ClientEvent.Due());
        var effects = new ArrayList<Effect>();
        for (var event : events) {
            tell(event);
            var decided = engine.handle(event, now);
            decided.forEach(this::tell);
            witness.settled();
            effects.addAll(decided);
        }
        perform(effects, now);
    }

    private void tell(ClientEvent event) {
        switch (event) {
            case ClientEvent.Want(long ticket, var request) -> witness.wants(ticket, request);
            case ClientEvent.Release(long ticket, var owner, var key) -> witness.releases(ticket, owner, key);
            case ClientEvent.Received(var _, var response) -> witness.hears(new DecodedResponse.Ok(response));
            case ClientEvent.OtherVersion(var _, int version, var lifetime) ->
                witness.hears(new DecodedResponse.OtherVersion(version, lifetime));
            case ClientEvent.Audit _ -> witness.audits();
            case ClientEvent.NetworkChanged() -> witness.networkChanges();
            case ClientEvent.Connected(var _, var source) -> witness.connects(source);
            case ClientEvent.Due() -> witness.due();
            case ClientEvent.ListMappings _,
                    ClientEvent.ListServers _,
                    ClientEvent.Servers _,
                    ClientEvent.Announced _,
                    ClientEvent.NatPmpReceived _,
                    ClientEvent.NatPmpFailed _,
                    ClientEvent.Unreachable _ -> {}
        }
    }

    private void tell(Effect effect) {
        switch (effect) {
            case Effect.Send(var _, var request) -> witness.decides(request);
            case Effect.SendNatPmp(var _, var request) -> throw notPcp(request);
            case Effect.Erase(var id) -> witness.forgets(id.key());
            case Effect.Answer(long ticket, var outcome) -> witness.decides(ticket, outcome);
            case Effect.Tell(var event) -> witness.decides(event);
            case Effect.Save _,
                    Effect.Connect _,
                    Effect.Listing _,
                    Effect.ServerListing _,
                    Effect.Audited _,
                    Effect.FellSilent _,
                    Effect.AnswersAgain _ -> {}
        }
    }

    private static InvariantBroken notPcp(NatPmpRequest request) {
        return new InvariantBroken("version", "asked a PCP server by NAT-PMP: " + request);
    }

    private void perform(List<Effect> effects, MonoTime now) {
        boolean sends = false;
        for (var effect : effects) {
            if (effect instanceof Effect.Stored change) {
                unstored.put(change.id(), change);
            }
            sends |=
                    effect instanceof Effect.Send || effect instanceof Effect.Answer(long _, MappingOutcome.Released());
        }
        if (!unstored.isEmpty()) {
            storeDue = storeDue.earlier(now.plus(LATEST));
            if (sends || !now.isBefore(storeDue)) {
                store(now);
            }
        }
        effects.forEach(this::perform);
    }

    private void store(MonoTime now) {
        try {
            store.write(List.copyOf(unstored.values()), now);
            unstored.clear();
            storeDue = MonoTime.NEVER;
        } catch (StorageException e) {
            storeDue = now.plus(LATEST);
        }
    }

    private void perform(Effect effect) {
        switch (effect) {
            case Effect.Send(var _, var request) -> world.send(request.client(), PcpEncoder.encode(request));
            case Effect.SendNatPmp(var _, var request) -> throw notPcp(request);
            case Effect.Answer(long ticket, var outcome) -> world.answer(ticket, outcome);
            case Effect.Tell(var event) -> world.tell(event);
            case Effect.Listing(var _, var mappings) -> listing = mappings;
            case Effect.Connect _ -> connect();
            case Effect.Audited(long _, var report) -> witness.audited(report);
            case Effect.ServerListing _, Effect.FellSilent _, Effect.AnswersAgain _ -> {}
            case Effect.Stored _ -> {} // its time comes with that of others
        }
    }
}
