package io.portreeve.server.bench;

/** What was measured does not work. The message is one line. */
public final class WrongAnswerException extends Exception {
    private static final long serialVersionUID = 1;

    WrongAnswerException(String message) {
        super(message);
    }
}
