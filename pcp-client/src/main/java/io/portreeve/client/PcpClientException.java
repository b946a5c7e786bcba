package io.portreeve.client;

/** The client cannot start. The message is one line and says what to do. */
public final class PcpClientException extends Exception {
    private static final long serialVersionUID = 1;

    public PcpClientException(String message, Throwable cause) {
        super(message, cause);
    }
}
