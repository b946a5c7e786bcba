package io.portreeve.server.softwire;

/** The end of the tunnels cannot be made, or works no longer. The message says what to do about it. */
public final class TunnelException extends Exception {
    private static final long serialVersionUID = 1;

    public TunnelException(String message) {
        super(message);
    }
}
