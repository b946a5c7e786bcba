package io.portreeve.server;

import io.portreeve.server.engine.ServerEvent;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Lets other threads ask the engine: they ask by event, and wait if they like, but the engine's owner does not.
 *
 * @param <A> the answer
 */
final class Questions<A> {

    /** As long as who asks at the control socket may make the others wait who ask there. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Consumer<ServerEvent> inbox;
    private final Duration patience;
    private final AtomicLong last = new AtomicLong();
    private final Map<Long, CompletableFuture<A>> asked = new ConcurrentHashMap<>();

    Questions(Consumer<ServerEvent> inbox) {
        this(inbox, PATIENCE);
    }

    Questions(Consumer<ServerEvent> inbox, Duration patience) {
        this.inbox = inbox;
        this.patience = patience;
    }

    /**
     * {@return the answer, when it comes; a failure when it takes too long}
     *
     * @param question the event that asks, with its id
     */
    CompletableFuture<A> ask(LongFunction<ServerEvent> question) {
        long id = last.incrementAndGet();
        var answer = new CompletableFuture<A>();
        asked.put(id, answer);
        inbox.accept(question.apply(id));
        return answer.orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS).whenComplete((_, _) -> asked.remove(id));
    }

    /** Tells who asked, if he still waits. */
    void answer(long id, A answer) {
        var waiting = asked.get(id);
        if (waiting != null) {
            waiting.complete(answer);
        }
    }
}
