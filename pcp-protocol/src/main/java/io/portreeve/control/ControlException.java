package io.portreeve.control;

/** The control socket cannot be used. The message is one line and says what to do. */
public final class ControlException extends Exception {
    private static final long serialVersionUID = 1;

    ControlException(String message, Throwable cause) {
        super(message, cause);
    }
}
