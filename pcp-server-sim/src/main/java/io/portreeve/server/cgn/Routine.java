package io.portreeve.server.cgn;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import java.util.concurrent.CompletionStage;

/** What the books of a CGN say to a request, and what carries the packets to the books. */
interface Routine<T> {

    /** What the books say to a request, when nothing else need know. */
    interface Entry<T> {
        T made() throws CgnException;
    }

    CompletionStage<T> begin() throws CgnException;

    static <T> CompletionStage<T> answer(Routine<T> routine) {
        try {
            return routine.begin();
        } catch (CgnException e) {
            return failedFuture(e);
        }
    }

    static <T> CompletionStage<T> booked(Entry<T> entry) {
        return answer(() -> completedFuture(entry.made()));
    }
}
