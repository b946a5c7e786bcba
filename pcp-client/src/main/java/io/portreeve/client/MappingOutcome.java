package io.portreeve.client;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.ResultCode;

/** What became of a request to the client. */
public sealed interface MappingOutcome {

    /**
     * The mapping exists; it is stored, so a crash does not lose it.
     *
     * @param ports how many of those that were wanted, from {@code external} on; 1 or more
     */
    record Granted(Endpoint external, Lifetime lifetime, int ports) implements MappingOutcome {
        public Granted(Endpoint external, Lifetime lifetime) {
            this(external, lifetime, 1);
        }
    }

    /**
     * The server said no; the client asks again when the error's lifetime is over, unless the mapping is released.
     *
     * @param result 1..255
     */
    record Refused(int result, Lifetime errorLifetime) implements MappingOutcome {
        @Override
        public String toString() {
            return "refused: " + ResultCode.nameOf(result) + " for " + errorLifetime;
        }
    }

    /** Nothing listens at the server's address (ICMP said so), or there is no way to it; the client keeps trying. */
    record Unreachable() implements MappingOutcome {}

    /** Somebody else on this machine has a mapping for the same internal side. */
    record HeldByOther(String owner) implements MappingOutcome {}

    /** The mapping is not wanted any more, and the server agreed or never had it. */
    record Released() implements MappingOutcome {}
}
