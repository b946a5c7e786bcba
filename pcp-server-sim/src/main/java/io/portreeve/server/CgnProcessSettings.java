package io.portreeve.server;

import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;

/**
 * All that can be set of a CGN that is a program of its own.
 *
 * @param port of its control channel, TCP on 127.0.0.1; 0 for any free one
 */
public record CgnProcessSettings(CgnSettings.Here cgn, int port) {

    /** @throws SettingsException naming file, line, and what was expected */
    public static CgnProcessSettings of(Settings settings) throws SettingsException {
        var reader = new CgnSettingsReader(settings);
        var read = new CgnProcessSettings(reader.readHere(), reader.port());
        settings.rejectUnknown();
        return read;
    }
}
