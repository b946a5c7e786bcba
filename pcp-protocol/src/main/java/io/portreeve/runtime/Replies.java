package io.portreeve.runtime;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Which call to an {@link Owner} waits for which reply. Any thread may call and reply.
 *
 * @param <R> what is replied
 */
public final class Replies<R> {
    private final AtomicLong last = new AtomicLong();
    private final Map<Long, CompletableFuture<R>> waiting = new ConcurrentHashMap<>();

    /**
     * {@return the reply to the call that {@code ask} makes of its number, or empty if none comes within {@code longest}}
     *
     * <p>A thread that is interrupted waits no longer, and is still interrupted then.
     */
    public Optional<R> await(LongConsumer ask, Duration longest) {
        long call = last.incrementAndGet();
        var reply = new CompletableFuture<R>();
        waiting.put(call, reply);
        try {
            ask.accept(call);
            reply.get(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            // cancelled below, unless it comes just now
        } catch (ExecutionException e) {
            throw new AssertionError("nobody fails it", e);
        } finally {
            waiting.remove(call);
        }
        return reply.cancel(false) ? Optional.empty() : Optional.of(reply.join());
    }

    /** {@return true if {@code reply} reaches who called; false if nobody waits for it, or not any more} */
    public boolean reply(long call, R reply) {
        var caller = waiting.get(call);
        return caller != null && caller.complete(reply);
    }
}
