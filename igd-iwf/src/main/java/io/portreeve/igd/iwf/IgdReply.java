package io.portreeve.igd.iwf;

import io.portreeve.pcp.PcpAddress;
import java.util.List;
import java.util.Optional;

/** What a control point is told. */
public sealed interface IgdReply {

    /** The action is done and has nothing to return. */
    record Done() implements IgdReply {}

    /** @param port the external port that the mapping has */
    record ReservedPort(int port) implements IgdReply {}

    record Failed(IgdError error) implements IgdReply {}

    /**
     * One port mapping as control points see it.
     *
     * @param leaseSeconds what is left of the UPnP lease, never the PCP lifetime; 0 for an infinite one
     */
    record Entry(PortMappingKey key, int internalPort, PcpAddress internalClient, String description, long leaseSeconds)
            implements IgdReply {}

    /**
     * @param entries one or more, by external port
     * @param form how the document they stand in is put into the answer
     */
    record Listing(List<Entry> entries, AccessPolicy.RangeActions form) implements IgdReply {
        public Listing {
            entries = List.copyOf(entries);
        }
    }

    record NumberOfEntries(int entries) implements IgdReply {}

    /** @param address empty while the provider has given none */
    record ExternalAddress(Optional<PcpAddress> address) implements IgdReply {}

    /** @param uptimeSeconds since the WAN side has had an address */
    record Status(boolean connected, long uptimeSeconds) implements IgdReply {}

    /** There is one type of connection. */
    record ConnectionTypeInfo() implements IgdReply {}

    record NatRsipStatus(boolean rsipAvailable, boolean natEnabled) implements IgdReply {}
}
