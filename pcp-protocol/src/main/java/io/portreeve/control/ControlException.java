package io.portreeve.control;

/** The control socket cannot be used, or who was asked refuses. The message is one line and says what to do. */
public final class ControlException extends Exception {
    private static final long serialVersionUID = 1;

    /** @param message what the program that was asked says */
    public ControlException(String message) {
        super(message);
    }

    ControlException(String message, Throwable cause) {
        super(message, cause);
    }
}
