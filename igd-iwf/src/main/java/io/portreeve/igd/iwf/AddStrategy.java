package io.portreeve.igd.iwf;

/**
 * How AddPortMapping gets the one external port that it wants, of a protocol whose requests only suggest one. Source: RFC 6970
 * section 5.6.2, draft-bpw-pcp-upnp-igd-interworking-00 section 5.7.2.
 */
public enum AddStrategy {
    /** That port or none is asked for each time. It covers the draft's second alternative. */
    PREFER_FAILURE,

    /** The port is suggested, for a short time. Another one that is granted instead is kept for a while, should it be wanted next. */
    DRAFT_ALT1,

    /** That port or none is asked for at first, and any port after that was refused. */
    DRAFT_ALT3
}
