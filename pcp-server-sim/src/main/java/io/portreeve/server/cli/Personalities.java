package io.portreeve.server.cli;

import io.portreeve.server.Personality;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "personalities",
        description = {
            "Shows the kinds of server that this one can be (personality = NAME in the configuration file), what they imitate and",
            "how far, and which keys they set."
        },
        mixinStandardHelpOptions = true)
final class Personalities implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var said = new Said(spec);
        for (var personality : Personality.values()) {
            said.line(personality + keys(personality));
            said.line("  " + personality.description());
        }
        return ExitCode.OK;
    }

    private static String keys(Personality personality) {
        return personality.settings().entrySet().stream()
                .map(entry -> entry.getKey() + " = " + entry.getValue())
                .sorted()
                .collect(Collectors.joining(", ", ": ", ""));
    }
}
