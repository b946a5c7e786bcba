package io.portreeve.igd.daemon;

import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.nio.file.Path;
import java.time.Instant;

/** What a configuration file said when it was read. */
record Configuration(Path file, Instant read, GatewaySettings settings) {

    /** @throws SettingsException if it cannot be used; the message names file and line */
    static Configuration read(Path file) throws SettingsException {
        return new Configuration(file, Instant.now(), GatewaySettings.from(Settings.read(file)));
    }
}
