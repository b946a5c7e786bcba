package io.portreeve.client.threads;

import io.portreeve.server.CannotStartException;
import io.portreeve.server.PcpServer;
import io.portreeve.server.ServerSettings;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The server that the client will meet, on a port of this machine. */
public final class RealServer {
    private RealServer() {}

    /** {@return a server with {@code state}, in which an earlier one may have left its mappings} */
    public static PcpServer start(Path state, int port, String... more) throws SettingsException, CannotStartException {
        var lines = new ArrayList<>(List.of(
                "listen = 127.0.0.1", "port = " + port, "pool = 203.0.114.1", "quota = 1000", "state-dir = " + state));
        lines.addAll(List.of(more));
        return PcpServer.start(ServerSettings.of(new Settings("test", lines)));
    }
}
