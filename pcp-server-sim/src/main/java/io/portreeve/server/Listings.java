package io.portreeve.server;

import io.portreeve.server.engine.MappingView;
import io.portreeve.server.engine.ServerEffect.Listing;
import io.portreeve.server.engine.ServerEvent;
import io.portreeve.server.engine.ServerEvent.ListMappings;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Lets other threads see the engine's table: they ask by event and wait. */
final class Listings {
    private static final long PATIENCE_SECONDS = 5;

    private final Consumer<ServerEvent> inbox;
    private final AtomicLong last = new AtomicLong();
    private final Map<Long, CompletableFuture<List<MappingView>>> asked = new ConcurrentHashMap<>();

    Listings(Consumer<ServerEvent> inbox) {
        this.inbox = inbox;
    }

    /** {@return the table} Waits for the engine's owner, five seconds at most. */
    List<MappingView> ask() {
        long id = last.incrementAndGet();
        var answer = new CompletableFuture<List<MappingView>>().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
        asked.put(id, answer);
        inbox.accept(new ListMappings(id));
        try {
            return answer.join();
        } finally {
            asked.remove(id);
        }
    }

    void answer(Listing listing) {
        var waiting = asked.get(listing.listingId());
        if (waiting != null) {
            waiting.complete(listing.mappings());
        }
    }
}
