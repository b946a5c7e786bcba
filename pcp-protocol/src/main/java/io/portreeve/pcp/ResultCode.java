package io.portreeve.pcp;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the server says of a request. Source: RFC 6887 section 7.4, RFC 7652, RFC 7843. */
public enum ResultCode {
    SUCCESS(0, Persistence.NONE),
    UNSUPP_VERSION(1, Persistence.LONG),
    NOT_AUTHORIZED(2, Persistence.LONG),
    MALFORMED_REQUEST(3, Persistence.LONG),
    UNSUPP_OPCODE(4, Persistence.LONG),
    UNSUPP_OPTION(5, Persistence.LONG),
    MALFORMED_OPTION(6, Persistence.LONG),
    NETWORK_FAILURE(7, Persistence.SHORT),
    NO_RESOURCES(8, Persistence.SHORT),
    UNSUPP_PROTOCOL(9, Persistence.LONG),
    USER_EX_QUOTA(10, Persistence.SHORT),
    CANNOT_PROVIDE_EXTERNAL(11, Persistence.SHORT),
    ADDRESS_MISMATCH(12, Persistence.LONG),
    EXCESSIVE_REMOTE_PEERS(13, Persistence.LONG),
    INITIATION(14, Persistence.NONE),
    AUTHENTICATION_REQUIRED(15, Persistence.NONE),
    AUTHENTICATION_FAILED(16, Persistence.NONE),
    AUTHENTICATION_SUCCEEDED(17, Persistence.NONE),
    AUTHORIZATION_FAILED(18, Persistence.NONE),
    SESSION_TERMINATED(19, Persistence.NONE),
    UNKNOWN_SESSION_ID(20, Persistence.NONE),
    DOWNGRADE_ATTACK_DETECTED(21, Persistence.NONE),
    AUTHENTICATION_REQUEST(22, Persistence.NONE),
    AUTHENTICATION_REPLY(23, Persistence.NONE),
    THIRD_PARTY_ID_UNKNOWN(24, Persistence.LONG),
    THIRD_PARTY_MISSING_OPTION(25, Persistence.LONG),
    UNSUPP_THIRD_PARTY_ID_LENGTH(26, Persistence.LONG),

    /** GET found nothing. Private code. */
    NONEXIST_MAP(209, Persistence.SHORT);

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

    private static final Map<Integer, ResultCode> BY_VALUE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ResultCode::value, code -> code));

    private final int value;
    private final Persistence persistence;

    ResultCode(int value, Persistence persistence) {
        this.value = value;
        this.persistence = persistence;
    }

    /** {@return the number on the wire} */
    public int value() {
        return value;
    }

    /** {@return the lifetime a server writes into this error if it knows no better} */
    public Lifetime recommendedLifetime() {
        return persistence.recommended;
    }

    /** {@return the code of {@code value}, or empty for one this release does not know} */
    public static Optional<ResultCode> of(int value) {
        return Optional.ofNullable(BY_VALUE.get(value));
    }

    /** {@return a name to show for {@code value}, known or not} */
    public static String nameOf(int value) {
        return of(value).map(Enum::name).orElse("result code " + value);
    }
}
