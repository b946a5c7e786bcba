package io.portreeve.igd.iwf;

import io.portreeve.pcp.PcpAddress;

/** What a control point asks, arguments typed and in range. Source: WANIPConnection:2 section 2.5. */
public sealed interface IgdAction {

    /** Wants a port mapping. */
    sealed interface Add extends IgdAction {
        PortMappingKey key();

        /** {@return 1..65535} */
        int internalPort();

        PcpAddress internalClient();

        boolean enabled();

        String description();

        /** {@return unsigned 32 bits; 0 stands for "infinite" on the v1 face and for a week on the v2 face} */
        long leaseSeconds();
    }

    /** Wants exactly this external port, or a fault. */
    record AddPortMapping(
            PortMappingKey key,
            int internalPort,
            PcpAddress internalClient,
            boolean enabled,
            String description,
            long leaseSeconds)
            implements Add {}

    /** Wants this external port if it is free, else any; port 0 stands for any. The reply names the port. */
    record AddAnyPortMapping(
            PortMappingKey key,
            int internalPort,
            PcpAddress internalClient,
            boolean enabled,
            String description,
            long leaseSeconds)
            implements Add {}

    record DeletePortMapping(PortMappingKey key) implements IgdAction {}

    record GetSpecificPortMappingEntry(PortMappingKey key) implements IgdAction {}

    /** @param index 0..65535 */
    record GetGenericPortMappingEntry(int index) implements IgdAction {}

    /** What only QueryStateVariable asks. */
    record GetPortMappingNumberOfEntries() implements IgdAction {}

    record GetExternalIPAddress() implements IgdAction {}

    record GetStatusInfo() implements IgdAction {}

    record GetConnectionTypeInfo() implements IgdAction {}

    record GetNATRSIPStatus() implements IgdAction {}

    /** @param manage true for the entries of other hosts too; not heeded: nobody is authenticated here */
    record DeletePortMappingRange(PortRange range, boolean manage) implements IgdAction {}

    /** @param most how many entries to list; 0 for all */
    record GetListOfPortMappings(PortRange range, boolean manage, int most) implements IgdAction {}

    /** @param type one of those the service knows */
    record SetConnectionType(String type) implements IgdAction {}

    record RequestConnection() implements IgdAction {}

    record ForceTermination() implements IgdAction {}
}
