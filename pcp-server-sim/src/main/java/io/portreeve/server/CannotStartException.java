package io.portreeve.server;

/** The server cannot serve. The message is one line and says what to do. */
public final class CannotStartException extends Exception {
    private static final long serialVersionUID = 1;

    CannotStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
