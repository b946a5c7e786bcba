package io.portreeve.server.cli;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.CannotStartException;
import io.portreeve.server.PcpServer;
import io.portreeve.server.ServerSettings;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cli.Configured.Running;
import io.portreeve.settings.SettingsException;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "serve",
        description = {
            "Serves until it is told to stop (SIGTERM).",
            "Every key of the configuration file is an option too, which wins over the file."
        },
        customSynopsis = "pcp-server-sim serve [--config=FILE] [--KEY=VALUE]... [--check-config]",
        sortOptions = false)
final class Serve implements Callable<Integer> {

    @Mixin
    private Configured configured;

    @Override
    public Integer call() throws SettingsException, CannotStartException {
        return configured.run(ServerSettings::of, settings -> running(PcpServer.start(settings)));
    }

    private static Running running(PcpServer server) {
        return new Running(ready(server), server::close, server.failure());
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
