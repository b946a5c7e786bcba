package io.portreeve.igd.worlds.checker;

import io.portreeve.igd.iwf.PortMappingKey;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;

/**
 * What a host was told it has.
 *
 * @param earliest when its lease may end
 * @param latest when it must have; {@link MonoTime#NEVER} for an infinite lease
 * @param row as it was stored
 */
record Promise(PortMappingKey key, PcpAddress host, int internalPort, MonoTime earliest, MonoTime latest, Row row) {

    boolean isOn(PortMappingKey other) {
        return row.isOn(other);
    }

    /** {@return true if {@code other} says the same of it} */
    boolean isKeptBy(Row other) {
        return other.key().equals(key)
                && other.internalClient().equals(host)
                && other.internalPort() == internalPort
                && other.natPort().equals(row.natPort());
    }
}
