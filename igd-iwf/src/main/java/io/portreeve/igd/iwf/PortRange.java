package io.portreeve.igd.iwf;

import io.portreeve.pcp.IpProtocol;

/**
 * External ports of one protocol, as a control point asks for them.
 *
 * @param first 0..65535
 * @param last 0..65535, itself included; nothing is in a range whose last port is before its first
 */
public record PortRange(int first, int last, IpProtocol protocol) {

    boolean isInOrder() {
        return first <= last;
    }

    boolean contains(PortMappingKey key) {
        return key.protocol().equals(protocol) && key.externalPort() >= first && key.externalPort() <= last;
    }
}
