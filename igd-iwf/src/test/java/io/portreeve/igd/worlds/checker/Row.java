package io.portreeve.igd.worlds.checker;

import io.portreeve.client.MappingKey;
import io.portreeve.igd.iwf.NatRule;
import io.portreeve.igd.iwf.PortChoice;
import io.portreeve.igd.iwf.PortMappingKey;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the gateway's disk says of one entry.
 *
 * @param leaseSeconds 0 for an infinite lease
 * @param leaseEnd in the milliseconds of people's clock
 */
public record Row(
        PortMappingKey key,
        int internalPort,
        PcpAddress internalClient,
        String description,
        long leaseSeconds,
        long leaseEnd,
        OptionalInt natPort,
        PortChoice choice) {

    /** {@return what PCP knows it by} */
    MappingKey inside() {
        return natPort.isPresent()
                ? new MappingKey(Optional.empty(), key.protocol(), natPort.getAsInt(), PcpAddress.ANY_IPV4)
                : new MappingKey(Optional.of(internalClient), key.protocol(), internalPort, PcpAddress.ANY_IPV4);
    }

    NatRule rule() {
        return new NatRule(key.protocol(), natPort, internalClient, internalPort);
    }

    boolean isOn(PortMappingKey other) {
        return key.externalPort() == other.externalPort() && key.protocol().equals(other.protocol());
    }
}
