package io.portreeve.client;

/** Which external endpoint is wanted. */
public sealed interface ExternalChoice {

    /** Whatever the server gives. */
    record Any() implements ExternalChoice {}

    /** This port if it can be had, else another. */
    record Preferred(int port) implements ExternalChoice {}

    /** This port or none: PREFER_FAILURE, which is for interworking functions only. RFC 6887 section 13.2. */
    record Exactly(int port) implements ExternalChoice {}

    /** {@return the port to suggest; 0 for none} */
    default int suggestedPort() {
        return switch (this) {
            case Any() -> 0;
            case Preferred(int port) -> port;
            case Exactly(int port) -> port;
        };
    }
}
