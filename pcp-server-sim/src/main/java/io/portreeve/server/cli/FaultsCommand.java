package io.portreeve.server.cli;

import io.portreeve.control.ControlException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "faults",
        description = "Shows what is wrong on purpose with a running server, and changes it.",
        mixinStandardHelpOptions = true)
final class FaultsCommand implements Callable<Integer> {

    @Mixin
    private ControlOption server;

    @Mixin
    private JsonOption json;

    @Parameters(
            paramLabel = "WORD",
            description = "Nothing: shows the faults. set KEY=VALUE ...: changes these, and keeps the others;"
                    + " the value off takes one away. clear: takes all away.")
    private List<String> words = new ArrayList<>();

    @Override
    public Integer call() throws ControlException {
        words.addFirst("faults");
        words.addAll(json.choose(List.of("json"), List.of()));
        return server.order(words.toArray(String[]::new));
    }
}
