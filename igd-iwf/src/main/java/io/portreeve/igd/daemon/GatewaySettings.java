package io.portreeve.igd.daemon;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.nio.file.Path;

/**
 * The gateway's configuration file.
 *
 * @param httpPort TCP, 1..65535
 * @param pcpPort UDP, 1..65535
 * @param friendlyName what control points show: 1 to 63 characters
 */
record GatewaySettings(
        String lanInterface,
        String wanInterface,
        PcpAddress pcpServer,
        int pcpPort,
        Path stateDir,
        int httpPort,
        String friendlyName) {
    private static final int DEFAULT_HTTP_PORT = 49_200;
    private static final int LONGEST_NAME = 63;

    static GatewaySettings from(Settings file) throws SettingsException {
        var name = file.text("friendly-name", "Portreeve");
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw file.wrong("friendly-name", "a name of 1 to " + LONGEST_NAME + " characters");
        }
        var settings = new GatewaySettings(
                file.required("lan-interface"),
                file.required("wan-interface"),
                file.address("pcp-server"),
                file.number("pcp-port", PcpMessage.SERVER_PORT, 1, 65_535),
                file.path("state-dir", "/var/lib/portreeve"),
                file.number("http-port", DEFAULT_HTTP_PORT, 1, 65_535),
                name);
        file.rejectUnknown();
        return settings;
    }
}
