package io.portreeve.client;

import io.portreeve.pcp.PcpAddress;

/** Which external endpoint is wanted. An address that is all zeros, of either family, is any address. */
public sealed interface ExternalChoice {

    /** Whatever the server gives. */
    record Any() implements ExternalChoice {}

    /** This port if it can be had, else another. */
    record Preferred(int port, PcpAddress address) implements ExternalChoice {
        public Preferred(int port) {
            this(port, PcpAddress.ANY_IPV4);
        }
    }

    /**
     * This port or none: PREFER_FAILURE, which is for interworking functions only. RFC 6887 section 13.2.
     *
     * @param port 1..65535
     * @param address what the first request suggests; where the server cannot provide it, the port at any other will do
     */
    record Exactly(int port, PcpAddress address) implements ExternalChoice {
        public Exactly {
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException(
                        "exactly external port " + port + " (expected: 1..65535; RFC 6887 section 13.2)");
            }
        }

        public Exactly(int port) {
            this(port, PcpAddress.ANY_IPV4);
        }
    }

    /** {@return what a first request suggests; all zeros of {@code family} for any address, port 0 for any port} */
    default Endpoint suggested(PcpAddress family) {
        return switch (this) {
            case Any() -> new Endpoint(family, 0);
            case Preferred(int port, var address) -> endpoint(family, port, address);
            case Exactly(int port, var address) -> endpoint(family, port, address);
        };
    }

    private static Endpoint endpoint(PcpAddress family, int port, PcpAddress address) {
        return new Endpoint(address.isUnspecified() ? family : address, port);
    }

    /** {@return true if {@code endpoint} has the port and the address that are wanted, as far as any are} */
    default boolean isMetBy(Endpoint endpoint) {
        var wanted = suggested(endpoint.address().anyOfFamily());
        return (wanted.port() == 0 || wanted.port() == endpoint.port())
                && (wanted.address().isUnspecified() || wanted.address().equals(endpoint.address()));
    }
}
