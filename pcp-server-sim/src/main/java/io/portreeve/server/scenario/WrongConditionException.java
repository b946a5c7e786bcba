package io.portreeve.server.scenario;

/** Words that are no condition. The message is one line, names the word and says what was expected. */
final class WrongConditionException extends Exception {
    private static final long serialVersionUID = 1;

    WrongConditionException(String found, String expected) {
        super("'" + found + "': expected " + expected);
    }
}
