package io.portreeve.client.threads;

import io.portreeve.client.AuditReport;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingView;
import io.portreeve.client.ServerView;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** Who waits for which answer. */
final class Tickets {
    /** More than this many requests of a kind wait only if the server is silent and applications do not stop asking. */
    private static final int MAX_WAITING = 1024;

    private final AtomicLong last = new AtomicLong();
    private final Map<Long, CompletableFuture<MappingOutcome>> outcomes = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<List<MappingView>>> listings = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<List<ServerView>>> servers = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<AuditReport>> audits = new ConcurrentHashMap<>();

    /** {@return what will be answered to the request that {@code ask} makes of its ticket} */
    CompletableFuture<MappingOutcome> forMapping(LongConsumer ask) {
        return limited(outcomes, ask);
    }

    /** None is refused: a mapping would be renewed that nobody wants, and there is one for each at most. */
    CompletableFuture<MappingOutcome> forRelease(LongConsumer ask) {
        return open(outcomes, ask);
    }

    CompletableFuture<List<MappingView>> forListing(LongConsumer ask) {
        return limited(listings, ask);
    }

    CompletableFuture<AuditReport> forAudit(LongConsumer ask) {
        return limited(audits, ask);
    }

    CompletableFuture<List<ServerView>> forServers(LongConsumer ask) {
        return limited(servers, ask);
    }

    private <T> CompletableFuture<T> limited(Map<Long, CompletableFuture<T>> waiting, LongConsumer ask) {
        return waiting.size() < MAX_WAITING
                ? open(waiting, ask)
                : CompletableFuture.failedFuture(
                        new IllegalStateException("too many requests wait for the PCP server; ask again later"));
    }

    private <T> CompletableFuture<T> open(Map<Long, CompletableFuture<T>> waiting, LongConsumer ask) {
        long ticket = last.incrementAndGet();
        var answer = new CompletableFuture<T>();
        waiting.put(ticket, answer);
        ask.accept(ticket);
        return answer;
    }

    void answer(long ticket, MappingOutcome outcome) {
        outcomes.remove(ticket).complete(outcome);
    }

    void list(long ticket, List<MappingView> mappings) {
        listings.remove(ticket).complete(mappings);
    }

    void listServers(long ticket, List<ServerView> views) {
        servers.remove(ticket).complete(views);
    }

    void audit(long ticket, AuditReport report) {
        audits.remove(ticket).complete(report);
    }

    /** Nobody will answer any more. */
    void cancelAll() {
        outcomes.values().forEach(answer -> answer.cancel(false));
        listings.values().forEach(answer -> answer.cancel(false));
        audits.values().forEach(answer -> answer.cancel(false));
        servers.values().forEach(answer -> answer.cancel(false));
    }
}
