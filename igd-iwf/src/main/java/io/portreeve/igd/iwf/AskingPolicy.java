package io.portreeve.igd.iwf;

/**
 * How the provider is asked.
 *
 * @param strategy of AddPortMapping
 * @param fallback where the PCP server does not know PREFER_FAILURE
 * @param retries how often what failed for a short time only is asked for again before the control point hears of it: 0..2
 * @param whileUnreachable what becomes of additions while the PCP server cannot be reached
 * @param lookup of what is in no table here
 * @param descriptions if the provider may read what control points call their entries
 */
public record AskingPolicy(
        AddStrategy strategy,
        Fallback fallback,
        int retries,
        WhileUnreachable whileUnreachable,
        Lookup lookup,
        Descriptions descriptions) {

    /** What becomes of AddPortMapping where the PCP server does not know PREFER_FAILURE. */
    public enum Fallback {
        /** It goes by {@link AddStrategy#DRAFT_ALT1}. */
        DRAFT_ALT1,

        /** It fails. RFC 6970 section 4.3. */
        NONE
    }

    /** What becomes of additions while the PCP server cannot be reached. */
    public enum WhileUnreachable {
        /** They fail. RFC 6970 section 5.1. */
        FAIL,

        /**
         * The gateway opens its own NAT, as a gateway without a provider's does, and asks until the provider answers. The draft's
         * section 5.1. A gateway that does not translate has nothing to open, and they fail.
         */
        LOCAL_THEN_SYNC
    }

    /** What GetSpecificPortMappingEntry does for what is in no table here. */
    public enum Lookup {
        /** It says so. */
        LOCAL,

        /** It asks the provider too: RFC 6970 section 5.7. That costs the subscriber a mapping each time, for a short time. */
        RFC_PROBE
    }

    /** Whether the provider may read what control points call their entries: RFC 7220. */
    public enum Descriptions {
        RELAYED,
        KEPT
    }

    public static final AskingPolicy USUAL = new AskingPolicy(
            AddStrategy.PREFER_FAILURE,
            Fallback.DRAFT_ALT1,
            0,
            WhileUnreachable.FAIL,
            Lookup.LOCAL,
            Descriptions.RELAYED);

    public AskingPolicy {
        if (retries < 0 || retries > 2) {
            throw new IllegalArgumentException("retries: " + retries + " (expected: 0..2)");
        }
    }

    public AskingPolicy with(Fallback other) {
        return new AskingPolicy(strategy, other, retries, whileUnreachable, lookup, descriptions);
    }

    public AskingPolicy with(Lookup other) {
        return new AskingPolicy(strategy, fallback, retries, whileUnreachable, other, descriptions);
    }

    public AskingPolicy with(Descriptions other) {
        return new AskingPolicy(strategy, fallback, retries, whileUnreachable, lookup, other);
    }

    public AskingPolicy with(WhileUnreachable other) {
        return new AskingPolicy(strategy, fallback, retries, other, lookup, descriptions);
    }

    public AskingPolicy retrying(int times) {
        return new AskingPolicy(strategy, fallback, times, whileUnreachable, lookup, descriptions);
    }

    public AskingPolicy with(AddStrategy other) {
        return new AskingPolicy(other, fallback, retries, whileUnreachable, lookup, descriptions);
    }
}
