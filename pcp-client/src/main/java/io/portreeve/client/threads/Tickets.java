package io.portreeve.client.threads;

import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingView;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/** Who waits for which answer. */
final class Tickets {
    private final AtomicLong last = new AtomicLong();
    private final Map<Long, CompletableFuture<MappingOutcome>> outcomes = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<List<MappingView>>> listings = new ConcurrentHashMap<>();

    /** {@return what will be answered to the request that {@code ask} makes of its ticket, or says it could not make} */
    CompletableFuture<MappingOutcome> forOutcome(LongFunction<Boolean> ask) {
        return open(outcomes, ask);
    }

    CompletableFuture<List<MappingView>> forListing(LongFunction<Boolean> ask) {
        return open(listings, ask);
    }

    private <T> CompletableFuture<T> open(Map<Long, CompletableFuture<T>> waiting, LongFunction<Boolean> ask) {
        long ticket = last.incrementAndGet();
        var answer = new CompletableFuture<T>();
        waiting.put(ticket, answer);
        if (!ask.apply(ticket)) {
            waiting.remove(ticket);
            answer.completeExceptionally(new IllegalStateException("too many requests are waiting; ask again later"));
        }
        return answer;
    }

    void answer(long ticket, MappingOutcome outcome) {
        outcomes.remove(ticket).complete(outcome);
    }

    void list(long ticket, List<MappingView> mappings) {
        listings.remove(ticket).complete(mappings);
    }

    /** Nobody will answer any more. */
    void cancelAll() {
        outcomes.values().forEach(answer -> answer.cancel(false));
        listings.values().forEach(answer -> answer.cancel(false));
    }
}
