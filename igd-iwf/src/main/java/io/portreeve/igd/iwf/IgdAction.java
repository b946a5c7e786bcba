package io.portreeve.igd.iwf;

import io.portreeve.pcp.PcpAddress;

/** What a control point asks, arguments typed and in range. Source: WANIPConnection:2 section 2.5. */
public sealed interface IgdAction {

    /**
     * Wants exactly this external port, or a fault.
     *
     * @param internalPort 1..65535
     * @param leaseSeconds unsigned 32 bits; 0 stands for "infinite" on the v1 face and for a week on the v2 face
     */
    record AddPortMapping(
            PortMappingKey key,
            int internalPort,
            PcpAddress internalClient,
            boolean enabled,
            String description,
            long leaseSeconds)
            implements IgdAction {}

    record DeletePortMapping(PortMappingKey key) implements IgdAction {}

    record GetSpecificPortMappingEntry(PortMappingKey key) implements IgdAction {}

    /** @param index 0..65535 */
    record GetGenericPortMappingEntry(int index) implements IgdAction {}

    record GetExternalIPAddress() implements IgdAction {}

    record GetStatusInfo() implements IgdAction {}

    record GetConnectionTypeInfo() implements IgdAction {}

    record GetNATRSIPStatus() implements IgdAction {}
}
