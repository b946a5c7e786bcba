package io.portreeve.pcp;

import java.util.Optional;

/** What the server says of a request. The order of the constants is their value. Source: RFC 6887 section 7.4. */
public enum ResultCode {
    SUCCESS(Persistence.NONE),
    UNSUPP_VERSION(Persistence.LONG),
    NOT_AUTHORIZED(Persistence.LONG),
    MALFORMED_REQUEST(Persistence.LONG),
    UNSUPP_OPCODE(Persistence.LONG),
    UNSUPP_OPTION(Persistence.LONG),
    MALFORMED_OPTION(Persistence.LONG),
    NETWORK_FAILURE(Persistence.SHORT),
    NO_RESOURCES(Persistence.SHORT),
    UNSUPP_PROTOCOL(Persistence.LONG),
    USER_EX_QUOTA(Persistence.SHORT),
    CANNOT_PROVIDE_EXTERNAL(Persistence.SHORT),
    ADDRESS_MISMATCH(Persistence.LONG),
    EXCESSIVE_REMOTE_PEERS(Persistence.LONG);

    /** How long an error lasts if the server knows no better: what a server writes, not what a client assumes. */
    private enum Persistence {
        NONE(0),
        SHORT(30),
        LONG(1800);

        private final Lifetime recommended;

        Persistence(long seconds) {
            recommended = new Lifetime(seconds);
        }
    }

    private final Persistence persistence;

    ResultCode(Persistence persistence) {
        this.persistence = persistence;
    }

    /** {@return the number on the wire} */
    public int value() {
        return ordinal();
    }

    /** {@return the lifetime a server writes into this error if it knows no better} */
    public Lifetime recommendedLifetime() {
        return persistence.recommended;
    }

    /** {@return the code of {@code value}, or empty for one this release does not know} */
    public static Optional<ResultCode> of(int value) {
        return value < values().length ? Optional.of(values()[value]) : Optional.empty();
    }

    /** {@return a name to show for {@code value}, known or not} */
    public static String nameOf(int value) {
        return of(value).map(Enum::name).orElse("result code " + value);
    }
}
