package io.portreeve.server.cli;

import io.portreeve.control.ControlException;
import io.portreeve.server.control.ServerControl;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "mappings", description = "Shows the table of the CGN.", mixinStandardHelpOptions = true)
final class Mappings implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--control",
            required = true,
            paramLabel = "SOCKET",
            description = "The server's control socket: control.sock in its state-dir, unless set.")
    private Path control;

    @Override
    public Integer call() throws ControlException {
        spec.commandLine().getOut().print(ServerControl.mappings(control));
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
