package io.portreeve.server.cli;

import io.portreeve.control.ControlException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "restart",
        description = "Has a running server start again on its port: its program, its faults and its counters stay.",
        mixinStandardHelpOptions = true)
final class RestartCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ControlOption server;

    @Option(
            names = "--without-state",
            description = "As if its disk were new: no mappings, not even those that were added, and a new epoch.")
    private boolean withoutState;

    @Override
    public Integer call() throws ControlException {
        var answer = withoutState ? server.ask("restart", "without-state") : server.ask("restart");
        if (answer.isEmpty()) {
            throw new ControlException("the server ended before it could say why; its log does");
        }
        spec.commandLine().getOut().print(answer);
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
