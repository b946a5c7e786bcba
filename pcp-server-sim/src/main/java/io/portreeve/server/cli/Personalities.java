package io.portreeve.server.cli;

import io.portreeve.server.Personality;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "personalities",
        description = {
            "Shows the kinds of server that this one can be.",
            "What they imitate and how far, and which keys they set: personality = NAME in the configuration file."
        },
        mixinStandardHelpOptions = true)
final class Personalities implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private JsonOption json;

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(json.text(all(), Personalities::text));
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }

    private static List<Map<String, Object>> all() {
        return Arrays.stream(Personality.values())
                .map(personality -> Map.of(
                        "name",
                        personality,
                        "description",
                        personality.description(),
                        "settings",
                        new TreeMap<>(personality.settings())))
                .<Map<String, Object>>map(TreeMap::new)
                .toList();
    }

    private static String text() {
        return Arrays.stream(Personality.values())
                .map(personality -> personality + keys(personality) + "\n  " + personality.description() + "\n")
                .collect(Collectors.joining());
    }

    private static String keys(Personality personality) {
        return personality.settings().entrySet().stream()
                .map(entry -> entry.getKey() + " = " + entry.getValue())
                .sorted()
                .collect(Collectors.joining(", ", ": ", ""));
    }
}
