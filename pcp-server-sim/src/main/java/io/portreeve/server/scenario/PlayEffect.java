package io.portreeve.server.scenario;

import io.portreeve.server.scenario.Step.Act;
import java.time.Duration;

/** What follows. */
public sealed interface PlayEffect {

    /** To be done now. */
    record Do(Act act) implements PlayEffect {}

    /**
     * What has become of a line.
     *
     * @param at when that was certain, since the start
     * @param seen what was there, or why it could not be done
     */
    record Verdict(Step step, boolean held, Duration at, String seen) implements PlayEffect {}
}
