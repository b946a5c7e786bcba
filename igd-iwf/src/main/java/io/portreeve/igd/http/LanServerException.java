package io.portreeve.igd.http;

/** The LAN side cannot be started. The message is one line and says what to do. */
public final class LanServerException extends Exception {
    private static final long serialVersionUID = 1;

    LanServerException(String message) {
        super(message);
    }
}
