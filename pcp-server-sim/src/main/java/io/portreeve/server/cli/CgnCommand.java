package io.portreeve.server.cli;

import io.portreeve.server.CannotStartException;
import io.portreeve.server.CgnProcess;
import io.portreeve.server.CgnProcessSettings;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "cgn",
        description = {
            "Is the CGN of a server that has cgn = remote, as a program of its own, until it is told to stop (SIGTERM).",
            "When its server goes, or is silent for 3 seconds, its mappings go too."
        },
        mixinStandardHelpOptions = true)
final class CgnCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "Lines of: key = value")
    private Path config;

    @Option(names = "--check-config", description = "Only say whether FILE is good.")
    private boolean checkOnly;

    @Override
    public Integer call() throws SettingsException, CannotStartException {
        var settings = CgnProcessSettings.of(Settings.read(config));
        var said = new Said(spec);
        if (checkOnly) {
            said.line(config + ": good");
            return ExitCode.OK;
        }
        var cgn = CgnProcess.start(settings);
        var exitCode = new AtomicInteger(ExitCode.OK);
        Stop.closeOnSignal(cgn::close, exitCode);
        said.line("ready: CGN at 127.0.0.1:" + cgn.port());
        cgn.failure().join();
        exitCode.set(ExitCode.SOFTWARE);
        return ExitCode.SOFTWARE;
    }
}
