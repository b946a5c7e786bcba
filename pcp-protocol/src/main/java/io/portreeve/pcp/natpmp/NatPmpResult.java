package io.portreeve.pcp.natpmp;

import java.util.Arrays;
import java.util.Optional;

/** What a NAT-PMP server says of a request. Source: RFC 6886 section 3.5. */
public enum NatPmpResult {
    SUCCESS(0),
    UNSUPPORTED_VERSION(1),
    NOT_AUTHORIZED(2),
    NETWORK_FAILURE(3),
    OUT_OF_RESOURCES(4),
    UNSUPPORTED_OPCODE(5);

    private final int value;

    NatPmpResult(int value) {
        this.value = value;
    }

    /** {@return the number on the wire} */
    public int value() {
        return value;
    }

    /** {@return the result of {@code value}, or empty for one this release does not know} */
    public static Optional<NatPmpResult> of(int value) {
        return Arrays.stream(values()).filter(result -> result.value == value).findFirst();
    }
}
