package io.portreeve.pcp;

import java.util.List;
import java.util.Optional;

/** What a message is about. Source: RFC 6887 section 19.2. */
public enum Opcode {
    ANNOUNCE(0, 0),
    MAP(1, 36),
    PEER(2, 56),

    /** Reads the explicit mappings. Private code, after draft-boucadair-pcp-failure section 4. */
    GET(112, 52);

    private static final List<Opcode> ALL = List.of(values());

    private final int value;
    private final int dataSize;

    Opcode(int value, int dataSize) {
        this.value = value;
        this.dataSize = dataSize;
    }

    /** {@return the number on the wire, without the R bit} */
    public int value() {
        return value;
    }

    /** {@return octets of opcode-specific data, in requests and responses alike} */
    public int dataSize() {
        return dataSize;
    }

    /** {@return true if a message with these options has 1100 octets at most} */
    public boolean hasRoomFor(List<PcpOption> options) {
        int size = PcpMessage.HEADER_SIZE + dataSize;
        for (var option : options) {
            size += option.octets();
        }
        return size <= PcpMessage.MAX_SIZE;
    }

    /** {@return the opcode of {@code value}, or empty for one this release does not know} */
    public static Optional<Opcode> of(int value) {
        for (var opcode : ALL) {
            if (opcode.value == value) {
                return Optional.of(opcode);
            }
        }
        return Optional.empty();
    }
}
