package io.portreeve.settings;

/** A configuration that cannot be used. The message is one line, names file and line, and says what to do. */
public final class SettingsException extends Exception {
    private static final long serialVersionUID = 1;

    public SettingsException(String message) {
        super(message);
    }
}
