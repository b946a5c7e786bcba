package io.portreeve.server.cli;

import io.portreeve.control.ControlException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "stats",
        description =
                "Shows how many requests have come since the start, with which options, and how they were answered.",
        mixinStandardHelpOptions = true)
final class Stats implements Callable<Integer> {

    @Mixin
    private ControlOption server;

    @Mixin
    private JsonOption json;

    @Override
    public Integer call() throws ControlException {
        return server.order(json.words("stats"));
    }
}
