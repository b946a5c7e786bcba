package io.portreeve.server.cli;

import io.portreeve.json.Json;
import io.portreeve.server.CannotStartException;
import io.portreeve.server.ServerSettings;
import io.portreeve.server.scenario.PlayEffect.Verdict;
import io.portreeve.server.scenario.Scenario;
import io.portreeve.server.scenario.ScenarioReader;
import io.portreeve.server.scenario.ScenarioRun;
import io.portreeve.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        description = {
            "Plays a scenario: a server of its own, what goes wrong when, and what the client under test must do then.",
            "Exits with 0 if it did all of it, with 1 if not."
        },
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SCENARIO", description = "A file of settings, times, faults and expectations.")
    private Path file;

    @Option(names = "--check", description = "Only say whether SCENARIO is good.")
    private boolean checkOnly;

    @Option(names = "--json", description = "For programs: JSON, on one line, at the end.")
    private boolean json;

    @Override
    public Integer call() throws SettingsException, CannotStartException, IOException, InterruptedException {
        var scenario = ScenarioReader.read(file);
        var said = new Said(spec);
        if (checkOnly) {
            ScenarioRun.settings(scenario, Path.of("state"));
            said.line(file + ": good");
            return ExitCode.OK;
        }
        var verdicts = new ArrayList<Verdict>();
        play(scenario, verdict -> {
            verdicts.add(verdict);
            if (!json) {
                said.line(text(verdict));
            }
        });
        if (json) {
            said.line(Json.of(verdicts.stream().map(RunCommand::map).toList()));
        }
        return verdicts.stream().allMatch(Verdict::held) ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static void play(Scenario scenario, Consumer<Verdict> told)
            throws SettingsException, CannotStartException, IOException, InterruptedException {
        var directory = Files.createTempDirectory("pcp-server-sim");
        var settings = ScenarioRun.settings(scenario, directory.resolve("state"));
        try {
            play(scenario, settings, told);
        } finally {
            delete(directory);
        }
    }

    private static void play(Scenario scenario, ServerSettings settings, Consumer<Verdict> told)
            throws CannotStartException, InterruptedException {
        try (var run = ScenarioRun.start(scenario, settings)) {
            var hook = Thread.ofPlatform().unstarted(run::close);
            Runtime.getRuntime().addShutdownHook(hook);
            run.play(told);
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var inside : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(inside);
            }
        }
    }

    private static String text(Verdict verdict) {
        return "%-6s %5.1f s  %s; %s"
                .formatted(
                        verdict.held() ? "ok" : "FAILED",
                        seconds(verdict.at()),
                        verdict.step().text(),
                        verdict.seen());
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }

    private static Map<String, Object> map(Verdict verdict) {
        var map = new LinkedHashMap<String, Object>();
        map.put("line", verdict.step().line());
        map.put("text", verdict.step().text());
        map.put("held", verdict.held());
        map.put("at-ms", verdict.at().toMillis());
        map.put("seen", verdict.seen());
        return map;
    }
}
