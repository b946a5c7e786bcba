package io.portreeve.server.net;

import io.portreeve.pcp.Opcode;
import io.portreeve.server.engine.ServerPolicy.Versions;
import java.util.Set;

/**
 * What a server understands.
 *
 * @param opcodes those it knows; to all others it answers UNSUPP_OPCODE
 * @param versions without NAT-PMP that is an unknown version of PCP
 */
public record Spoken(Set<Opcode> opcodes, Versions versions) {
    public Spoken {
        opcodes = Set.copyOf(opcodes);
    }
}
