package io.portreeve.server.cli;

import io.portreeve.control.ControlException;
import io.portreeve.server.control.ServerControl;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "faults",
        description = "Shows what is wrong on purpose with a running server, and changes it.",
        mixinStandardHelpOptions = true)
final class FaultsCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--control",
            required = true,
            paramLabel = "SOCKET",
            description = "The server's control socket: control.sock in its state-dir, unless set.")
    private Path control;

    @Parameters(
            paramLabel = "WORD",
            description = "Nothing: shows the faults. set KEY=VALUE ...: changes these, and keeps the others;"
                    + " the value off takes one away. clear: takes all away.")
    private List<String> words = new ArrayList<>();

    @Override
    public Integer call() throws ControlException {
        words.addFirst("faults");
        spec.commandLine().getOut().print(ServerControl.ask(control, words));
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
