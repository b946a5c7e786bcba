package io.portreeve.server.cgn;

/** How the stages of {@link Cgn} fail. */
public final class CgnException extends Exception {
    private static final long serialVersionUID = 1;

    private final CgnError error;

    public CgnException(CgnError error) {
        super("the CGN answers " + error);
        this.error = error;
    }

    public CgnException(CgnError error, Throwable cause) {
        super("the CGN answers " + error + ": " + cause.getMessage(), cause);
        this.error = error;
    }

    public CgnError error() {
        return error;
    }
}
