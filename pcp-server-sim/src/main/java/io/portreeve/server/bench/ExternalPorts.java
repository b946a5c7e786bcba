package io.portreeve.server.bench;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** The external ports of all subscribers: a server that gives one away twice is found out. A bit for each of a million. */
final class ExternalPorts {
    private final Map<PcpAddress, BitSet> taken = new HashMap<>();

    /** {@return false if somebody has it} */
    boolean take(Endpoint external) {
        var ports = taken.computeIfAbsent(external.address(), _ -> new BitSet());
        boolean isFree = !ports.get(external.port());
        ports.set(external.port());
        return isFree;
    }

    void giveBack(Endpoint external) {
        taken.get(external.address()).clear(external.port());
    }
}
