package io.portreeve.pcp.wire;

/** Octets that cannot be read. Never leaves this package; without a stack trace, because hostile octets are normal input. */
final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Malformed(String reason) {
        super(reason, null, false, false);
    }
}
