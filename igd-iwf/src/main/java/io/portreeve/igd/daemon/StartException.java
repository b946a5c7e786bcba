package io.portreeve.igd.daemon;

/** The gateway cannot start. The message is one line and says what to do. */
final class StartException extends Exception {
    private static final long serialVersionUID = 1;

    StartException(String message) {
        super(message);
    }
}
