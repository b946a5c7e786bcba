package io.portreeve.client.threads;

import io.portreeve.client.MappingEvent;
import io.portreeve.client.engine.ClientEngine;
import io.portreeve.client.engine.ClientEvent;
import io.portreeve.client.engine.Effect;
import io.portreeve.client.net.ServerChannel;
import io.portreeve.client.store.MappingStore;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.runtime.Owned;
import io.portreeve.storage.StorageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns the engine: runs it over what has happened, stores, and only then sends and answers. */
final class ScheduleManager implements Owned<ClientEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduleManager.class);

    private final ClientEngine engine;
    private final MappingStore store;
    private final ServerChannel channel;
    private final Tickets tickets;
    private final Consumer<MappingEvent> listeners;
    private final Runnable onUnreachable;

    ScheduleManager(
            ClientEngine engine,
            MappingStore store,
            ServerChannel channel,
            Tickets tickets,
            Consumer<MappingEvent> listeners,
            Runnable onUnreachable) {
        this.engine = engine;
        this.store = store;
        this.channel = channel;
        this.tickets = tickets;
        this.listeners = listeners;
        this.onUnreachable = onUnreachable;
    }

    @Override
    public MonoTime nextDue() {
        return engine.nextDue();
    }

    @Override
    public void handle(List<ClientEvent> events, MonoTime now) {
        var effects = new ArrayList<Effect>();
        events.forEach(event -> effects.addAll(engine.handle(event, now)));
        effects.addAll(engine.handle(new ClientEvent.Due(), now));
        perform(effects, now);
    }

    private void perform(List<Effect> effects, MonoTime now) {
        var stored = effects.stream()
                .filter(Effect.Stored.class::isInstance)
                .map(Effect.Stored.class::cast)
                .toList();
        if (!stored.isEmpty()) {
            store(stored, now);
        }
        effects.forEach(this::perform);
    }

    private void store(List<Effect.Stored> changes, MonoTime now) {
        try {
            store.write(changes, now);
        } catch (StorageException e) {
            LOG.warn(
                    "{} mapping(s) are kept in memory only, a restart would lose them: {}",
                    changes.size(),
                    e.getMessage());
        }
    }

    private void perform(Effect effect) {
        switch (effect) {
            case Effect.Send(var request) -> send(request);
            case Effect.Stored _ -> {} // done already, for the whole batch
            case Effect.Answer(long ticket, var outcome) -> tickets.answer(ticket, outcome);
            case Effect.Listing(long ticket, var mappings) -> tickets.list(ticket, mappings);
            case Effect.Tell(var event) -> listeners.accept(event);
        }
    }

    /** What cannot be sent is repeated by the retransmission schedule like what was lost on the way. */
    private void send(PcpRequest request) {
        try {
            channel.send(PcpEncoder.encode(request));
        } catch (IOException e) {
            LOG.debug("a request could not be sent: {}", e.getMessage());
            onUnreachable.run();
        }
    }
}
