package io.portreeve.server.cli;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.CannotStartException;
import io.portreeve.server.PcpServer;
import io.portreeve.server.ServerSettings;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "serve", description = "Serves until it is told to stop (SIGTERM).", mixinStandardHelpOptions = true)
final class Serve implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "Lines of: key = value")
    private Path config;

    @Option(names = "--check-config", description = "Only say whether FILE is good.")
    private boolean checkOnly;

    @Override
    public Integer call() throws SettingsException, CannotStartException {
        var settings = ServerSettings.of(Settings.read(config));
        var said = new Said(spec);
        if (checkOnly) {
            said.line(config + ": good");
            return ExitCode.OK;
        }
        var server = PcpServer.start(settings);
        var exitCode = new AtomicInteger(ExitCode.OK);
        Stop.closeOnSignal(server::close, exitCode);
        said.line(ready(server));
        server.failure().join();
        exitCode.set(ExitCode.SOFTWARE);
        return ExitCode.SOFTWARE;
    }

    private static String ready(PcpServer server) {
        var pool = server.pool();
        var first = pool.getFirst();
        var listening = server.addresses().stream()
                .map(address -> new Endpoint(PcpAddress.of(address.getAddress()), address.getPort()).toString())
                .collect(Collectors.joining(", "));
        return "ready: PCP on " + listening + ", pool " + first.external() + "-"
                + pool.getLast().external() + " ports " + first.firstPort() + "-" + first.lastPort() + ", "
                + server.restored() + " mappings restored, epoch " + server.epochTime();
    }
}
