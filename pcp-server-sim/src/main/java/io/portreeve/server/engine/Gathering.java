package io.portreeve.server.engine;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/** Several calls of the CGN that one piece of work waits for, and what follows when all are answered. */
final class Gathering {
    private final Pending pending;
    private final CgnAnswer[] answers;
    private final BiConsumer<List<CgnAnswer>, Step> next;
    private int missing;

    Gathering(Pending pending, int calls, BiConsumer<List<CgnAnswer>, Step> next) {
        this.pending = pending;
        this.answers = new CgnAnswer[calls];
        this.next = next;
        missing = calls;
    }

    Pending pending() {
        return pending;
    }

    void answered(int call, CgnAnswer answer, Step step) {
        answers[call] = answer;
        missing--;
        if (missing == 0 && !pending.gone) {
            next.accept(Arrays.asList(answers), step);
        }
    }
}
