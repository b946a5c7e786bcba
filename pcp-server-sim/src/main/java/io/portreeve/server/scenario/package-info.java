/**
 * What a client under test meets, and what it must do then: settings, times, faults and expectations in a file.
 *
 * <p>{@link io.portreeve.server.scenario.ScenarioReader} reads it, {@link io.portreeve.server.scenario.Play} decides what is due and
 * whether an expectation is met, {@link io.portreeve.server.scenario.ScenarioRun} does it with a server of its own.
 */
package io.portreeve.server.scenario;
