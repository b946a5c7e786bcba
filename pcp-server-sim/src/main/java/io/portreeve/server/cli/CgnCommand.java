package io.portreeve.server.cli;

import io.portreeve.server.CannotStartException;
import io.portreeve.server.CgnProcess;
import io.portreeve.server.CgnProcessSettings;
import io.portreeve.server.cli.Configured.Running;
import io.portreeve.settings.SettingsException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "cgn",
        description = {
            "Is the CGN of a server that has cgn = remote, as a program of its own, until it is told to stop (SIGTERM).",
            "When its server goes, or is silent for 3 seconds, its mappings go too."
        },
        customSynopsis = "pcp-server-sim cgn [--config=FILE] [--KEY=VALUE]... [--check-config]",
        sortOptions = false)
final class CgnCommand implements Callable<Integer> {

    @Mixin
    private Configured configured;

    @Override
    public Integer call() throws SettingsException, CannotStartException {
        return configured.run(CgnProcessSettings::of, settings -> running(CgnProcess.start(settings)));
    }

    private static Running running(CgnProcess cgn) {
        return new Running("ready: CGN at 127.0.0.1:" + cgn.port(), cgn::close, cgn.failure());
    }
}
