package io.portreeve.server.engine;

import io.portreeve.pcp.PcpOption.Filter;
import java.util.Optional;

/**
 * What a mapping is besides its two ends.
 *
 * @param ports how many contiguous ports it is, from the first on (RFC 7753); 1 for a plain one
 * @param exact it was asked for with PREFER_FAILURE
 * @param filter whom alone it lets in; empty for all
 * @param description what people say it is for; empty if they do not
 */
public record Terms(int ports, boolean exact, Optional<Filter> filter, String description, Origin origin) {

    /** Who made it. */
    public enum Origin {
        PCP,

        /** NAT-PMP has no nonce, so it must not touch what PCP made. */
        NAT_PMP,

        /** The administration: it has no lifetime, and no client may delete it. */
        STATIC
    }

    public static final Terms PLAIN = new Terms(1, false, Optional.empty(), "", Origin.PCP);

    public Terms {
        if (ports < 1) {
            throw new IllegalArgumentException("a mapping of " + ports + " ports");
        }
    }

    Terms with(Optional<Filter> other) {
        return new Terms(ports, exact, other, description, origin);
    }
}
