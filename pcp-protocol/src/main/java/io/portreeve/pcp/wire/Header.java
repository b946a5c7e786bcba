package io.portreeve.pcp.wire;

/** What every message begins with. Source: RFC 6887 section 7. */
final class Header {
    /** The bit beside the opcode that is set in a response. */
    static final int R = 0x80;

    private Header() {}
}
