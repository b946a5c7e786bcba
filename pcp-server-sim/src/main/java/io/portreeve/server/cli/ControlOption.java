package io.portreeve.server.cli;

import io.portreeve.control.ControlException;
import io.portreeve.server.control.ServerControl;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The running server that a command is about. */
final class ControlOption {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--control",
            required = true,
            scope = ScopeType.INHERIT,
            paramLabel = "SOCKET",
            description = "The server's control socket: control.sock in its state-dir, unless set.")
    private Path socket;

    String ask(String... words) throws ControlException {
        return ServerControl.ask(socket, List.of(words));
    }

    /** Prints what the server answers. */
    int order(String... words) throws ControlException {
        spec.commandLine().getOut().print(ask(words));
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
