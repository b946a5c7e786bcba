package io.portreeve.pcp.wire;

import io.portreeve.pcp.IpProtocol;
import java.util.Optional;

/** What both directions of NAT-PMP have in common. Source: RFC 6886 sections 3.2, 3.3. */
final class NatPmpFormat {
    static final int VERSION = 0;

    static final int EXTERNAL_ADDRESS = 0;
    private static final int MAP_UDP = 1;
    private static final int MAP_TCP = 2;

    private NatPmpFormat() {}

    /** {@return what {@code opcode} maps, or empty if it maps nothing} */
    static Optional<IpProtocol> mappedBy(int opcode) {
        return switch (opcode) {
            case MAP_UDP -> Optional.of(IpProtocol.UDP);
            case MAP_TCP -> Optional.of(IpProtocol.TCP);
            default -> Optional.empty();
        };
    }

    /** {@return the opcode that maps {@code protocol}, which is UDP or TCP} */
    static int opcodeOf(IpProtocol protocol) {
        return protocol.equals(IpProtocol.UDP) ? MAP_UDP : MAP_TCP;
    }
}
