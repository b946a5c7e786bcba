package io.portreeve.server.scenario;

import io.portreeve.server.scenario.Step.Act;
import io.portreeve.server.scenario.Step.Expectation;
import java.util.List;

/**
 * What is done, and what is expected.
 *
 * @param settings the lines of the server's configuration; empty lines stand for the others, so that errors name the right ones
 * @param acts in the order of their times
 */
public record Scenario(String file, List<String> settings, List<Act> acts, List<Expectation> expectations) {
    public Scenario {
        settings = List.copyOf(settings);
        acts = List.copyOf(acts);
        expectations = List.copyOf(expectations);
    }
}
