package io.portreeve.igd.daemon;

import io.portreeve.control.ControlClient;
import io.portreeve.control.ControlException;
import io.portreeve.settings.SettingsException;
import java.nio.file.Path;
import java.util.Set;

/**
 * A command that asks the gateway which runs.
 *
 * @param question as the control socket takes it
 */
record ControlCommand(Path socket, String question) {
    static final Set<String> NAMES = Set.of("status", "list");

    /** @param args the name of the command, and its options */
    static ControlCommand of(String... args) throws SettingsException {
        var socket = GatewaySettings.DEFAULT_STATE_DIR.resolve(GatewaySettings.CONTROL_SOCKET);
        var question = args[0];
        for (int i = 1; i < args.length; i++) {
            switch (args[i]) {
                case "--json" -> question = args[0] + " json";
                case "--config" ->
                    socket = Configuration.read(Arguments.file(args, i++))
                            .settings()
                            .controlSocket();
                case "--socket" -> socket = Arguments.file(args, i++);
                default -> throw Arguments.unknown(args[i]);
            }
        }
        return new ControlCommand(socket, question);
    }

    /** {@return the answer} @throws StartException if there is none */
    String ask() throws StartException {
        try {
            var answer = ControlClient.ask(socket, question);
            if (!answer.isEmpty()) {
                return answer;
            }
        } catch (ControlException e) {
            throw new StartException("the gateway is not running, or not with this configuration: " + e.getMessage()
                    + "; it is started by 'portreeve --config FILE'");
        }
        throw new StartException("the gateway runs, but cannot answer; see its log");
    }
}
