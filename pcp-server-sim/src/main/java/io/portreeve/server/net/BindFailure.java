package io.portreeve.server.net;

/** A PCP port cannot be opened. The message is one line and says what to do. */
public final class BindFailure extends Exception {
    private static final long serialVersionUID = 1;

    BindFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
