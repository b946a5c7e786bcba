package io.portreeve.igd.daemon;

import io.portreeve.igd.gateway.Counts;
import io.portreeve.igd.metrics.Measured;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/** The answers of a gateway that may not have started yet: who asks waits until it has, or is known not to. */
final class PendingAnswers {
    private final CompletableFuture<Answers> answers = new CompletableFuture<>();

    void complete(Answers started) {
        answers.complete(started);
    }

    /** There will be none, if there are none yet. */
    void cancel() {
        answers.cancel(false);
    }

    /** {@return the answer to {@code question}; empty if the gateway does not start} */
    String to(String question) {
        return started().map(it -> it.apply(question)).orElse("");
    }

    /** {@return what can be measured; nothing is alive if the gateway does not start} */
    Measured measured() {
        return started()
                .map(Answers::measured)
                .orElseGet(() -> new Measured(Optional.empty(), new Counts(), Map.of(), List.of()));
    }

    private Optional<Answers> started() {
        try {
            return Optional.of(answers.join());
        } catch (CancellationException _) {
            return Optional.empty();
        }
    }
}
