package io.portreeve.client;

import io.portreeve.pcp.Lifetime;
import java.time.Duration;

/** For how long an application wants a mapping. */
public sealed interface MappingLease {

    /** It is renewed until it is released, and each request asks for {@code lifetime}; not 0. */
    record UntilReleased(Lifetime lifetime) implements MappingLease {
        public UntilReleased {
            if (lifetime.isDelete()) {
                throw new IllegalArgumentException(
                        "lifetime: 0 s (expected: 1..4294967295; release a mapping to delete it)");
            }
        }
    }

    /**
     * It is renewed for this long from when it is asked for, a second or more, and each request asks for what is left of that.
     * Then it is released, whatever the server granted. RFC 6970 section 5.9.
     */
    record Timed(Duration length) implements MappingLease {
        public Timed {
            if (length.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException("lease: " + length + " (expected: PT1S or more)");
            }
        }
    }

    /** {@return what the first request asks for} */
    default Lifetime lifetime() {
        return switch (this) {
            case UntilReleased(var lifetime) -> lifetime;
            case Timed(var length) -> Lifetime.of(length);
        };
    }
}
