package io.portreeve.igd.metrics;

/** The metrics cannot be served. The message is one line and says what to do. */
public final class MetricsException extends Exception {
    private static final long serialVersionUID = 1;

    MetricsException(String message) {
        super(message);
    }
}
