package io.portreeve.pcp.wire;

/** Opcodes this release knows, and the R bit beside them. Source: RFC 6887 sections 7.1, 19.2. */
final class Opcode {
    static final int ANNOUNCE = 0;
    static final int MAP = 1;

    /** Set in a response. */
    static final int R = 0x80;

    static final int HEADER_SIZE = 24;
    private static final int MAP_SIZE = 36;

    private Opcode() {}

    /** {@return the least size of a message of {@code opcode}; for an unknown one the header's} */
    static int minimumSize(int opcode) {
        return opcode == MAP ? HEADER_SIZE + MAP_SIZE : HEADER_SIZE;
    }
}
