package io.portreeve.server.scenario;

import java.time.Duration;
import java.util.List;

/** One line of a scenario. */
public sealed interface Step {

    /** {@return its number} */
    int line();

    /** {@return it as it was written, but for its spaces} */
    String text();

    /** @param at since the start */
    record Act(int line, String text, Duration at, Action action) implements Step {}

    /** What is done. */
    sealed interface Action {

        /** Starts a program, by the shell. */
        record Run(String command) implements Action {}

        /** Tells the server what the command line could tell it. */
        record Tell(List<String> words) implements Action {}
    }

    /**
     * @param from since the start
     * @param until the end of its time, since the start
     */
    record Expectation(int line, String text, Duration from, Duration until, When when, Condition condition)
            implements Step {}

    /** How long a condition must hold. */
    enum When {
        /** At one moment of the time at least. */
        WITHIN,

        /** All the time. */
        FOR
    }
}
