package io.portreeve.server.control;

/** An order that cannot be followed. */
public final class OrderRefused extends Exception {
    private static final long serialVersionUID = 1;

    public OrderRefused(String message) {
        super(message);
    }
}
