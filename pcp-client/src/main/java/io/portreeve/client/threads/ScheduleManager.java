package io.portreeve.client.threads;

import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.engine.ClientEngine;
import io.portreeve.client.engine.ClientEvent;
import io.portreeve.client.engine.Effect;
import io.portreeve.client.engine.MappingId;
import io.portreeve.client.store.MappingStore;
import io.portreeve.pcp.MonoTime;
import io.portreeve.runtime.Owned;
import io.portreeve.storage.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the engine: runs it over what has happened. What is sent is on disk before: a nonce that the server knows must not be
 * forgotten. What the server answered can wait a moment for the next commit, because after a crash it is asked again.
 */
final class ScheduleManager implements Owned<ClientEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduleManager.class);

    private static final Duration LATEST = Duration.ofSeconds(1);

    private final ClientEngine engine;
    private final MappingStore store;
    private final Channels channels;
    private final Tickets tickets;
    private final Consumer<MappingEvent> listeners;

    /** The last change of each mapping that is not on disk. */
    private final Map<MappingId, Effect.Stored> unstored = new LinkedHashMap<>();

    private MonoTime storeDue = MonoTime.NEVER;
    private boolean failing;

    ScheduleManager(
            ClientEngine engine,
            MappingStore store,
            Channels channels,
            Tickets tickets,
            Consumer<MappingEvent> listeners) {
        this.engine = engine;
        this.store = store;
        this.channels = channels;
        this.tickets = tickets;
        this.listeners = listeners;
    }

    @Override
    public MonoTime nextDue() {
        return engine.nextDue().earlier(storeDue);
    }

    @Override
    public void handle(List<ClientEvent> events, MonoTime now) {
        var effects = new ArrayList<Effect>();
        events.forEach(event -> effects.addAll(engine.handle(event, now)));
        effects.addAll(engine.handle(new ClientEvent.Due(), now));
        perform(effects, now);
    }

    private void perform(List<Effect> effects, MonoTime now) {
        boolean isUrgent = false;
        for (var effect : effects) {
            if (effect instanceof Effect.Stored change) {
                unstored.put(change.id(), change);
            }
            isUrgent |= isUrgent(effect);
        }
        if (!unstored.isEmpty()) {
            storeDue = storeDue.earlier(now.plus(LATEST));
            if (isUrgent || !now.isBefore(storeDue)) {
                store(now);
            }
        }
        effects.forEach(this::perform);
    }

    /** What was released must not come back after a crash. */
    private static boolean isUrgent(Effect effect) {
        return effect instanceof Effect.Send
                || effect instanceof Effect.SendNatPmp
                || effect instanceof Effect.Answer(long _, MappingOutcome.Released());
    }

    /** A disk that is full does not end mappings: the client goes on from memory, and writes what it owes as soon as it can. */
    private void store(MonoTime now) {
        try {
            store.write(List.copyOf(unstored.values()), now);
            if (failing) {
                LOG.info("mappings can be stored again");
            }
            failing = false;
            unstored.clear();
            storeDue = MonoTime.NEVER;
        } catch (StorageException e) {
            if (!failing) {
                LOG.warn("{}; mappings are kept in memory only until it can be written again", e.getMessage());
            }
            failing = true;
            storeDue = now.plus(LATEST);
        }
    }

    /** Writes what still waits. To be called when the owner thread has ended. */
    void storeLast(MonoTime now) {
        if (!unstored.isEmpty()) {
            store(now);
        }
    }

    private void perform(Effect effect) {
        switch (effect) {
            case Effect.Send(var server, var request) -> channels.send(server, request);
            case Effect.SendNatPmp(var server, var request) -> channels.send(server, request);
            case Effect.Connect(var server) -> channels.connect(server);
            case Effect.Stored _ -> {} // its time comes with that of others
            case Effect.Answer(long ticket, var outcome) -> tickets.answer(ticket, outcome);
            case Effect.Listing(long ticket, var mappings) -> tickets.list(ticket, mappings);
            case Effect.ServerListing(long ticket, var servers) -> tickets.listServers(ticket, servers);
            case Effect.Audited(long ticket, var report) -> tickets.audit(ticket, report);
            case Effect.Tell(var event) -> listeners.accept(event);
            case Effect.FellSilent(var server, var unanswered) ->
                LOG.warn(
                        "the PCP server {} has answered nothing for {} s, and is asked on: does it run, and is UDP dropped on the way there or back?",
                        server,
                        unanswered.toSeconds());
            case Effect.AnswersAgain(var server) -> LOG.info("the PCP server {} answers again", server);
        }
    }
}
