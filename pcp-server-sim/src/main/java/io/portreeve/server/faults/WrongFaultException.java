package io.portreeve.server.faults;

/** Words that are no faults. The message is one line, names the word and says what was expected. */
public final class WrongFaultException extends Exception {
    private static final long serialVersionUID = 1;

    WrongFaultException(String message) {
        super(message);
    }
}
