package io.portreeve.igd.gateway;

import io.portreeve.igd.iwf.IgdReply;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** Which call waits for which reply. */
final class Replies {
    private final AtomicLong last = new AtomicLong();
    private final Map<Long, CompletableFuture<IgdReply>> waiting = new ConcurrentHashMap<>();

    /** {@return what will be replied to the call that {@code ask} makes of its number} */
    CompletableFuture<IgdReply> open(LongConsumer ask) {
        long id = last.incrementAndGet();
        var reply = new CompletableFuture<IgdReply>();
        waiting.put(id, reply);
        reply.whenComplete((_, _) -> waiting.remove(id));
        ask.accept(id);
        return reply;
    }

    void reply(long call, IgdReply reply) {
        Optional.ofNullable(waiting.get(call)).ifPresent(it -> it.complete(reply));
    }
}
