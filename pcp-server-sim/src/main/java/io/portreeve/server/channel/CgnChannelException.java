package io.portreeve.server.channel;

/** The CGN does not answer. The message says what to do. */
public final class CgnChannelException extends Exception {
    private static final long serialVersionUID = 1;

    CgnChannelException(String message) {
        super(message);
    }
}
