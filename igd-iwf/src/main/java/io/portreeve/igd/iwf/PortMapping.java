package io.portreeve.igd.iwf;

import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingRequest;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;

/**
 * One entry of the port mapping table.
 *
 * @param internalPort 1..65535
 * @param description as the control point gave it; text of a stranger
 */
public record PortMapping(
        PortMappingKey key, int internalPort, PcpAddress internalClient, String description, Lease lease) {

    /** Under this name the PCP client keeps what belongs to the interworking. */
    public static final String OWNER = "igd";

    /** {@return what PCP knows this mapping by} The gateway does not translate, so PCP is told the host itself. RFC 6970 section 5.4. */
    public MappingKey pcpKey() {
        return new MappingKey(Optional.of(internalClient), key.protocol(), internalPort, PcpAddress.ANY_IPV4);
    }

    MappingRequest pcpRequest() {
        return new MappingRequest(pcpKey(), OWNER, new ExternalChoice.Exactly(key.externalPort()), lease.lifetime());
    }

    NatRule natRule() {
        return new NatRule(key.protocol(), internalClient, internalPort);
    }

    boolean leadsWhere(PortMapping other) {
        return internalClient.equals(other.internalClient) && internalPort == other.internalPort;
    }

    IgdReply.Entry entry(MonoTime now) {
        return new IgdReply.Entry(key, internalPort, internalClient, description, lease.secondsLeft(now));
    }

    @Override
    public String toString() {
        return key + " -> " + internalClient + ":" + internalPort;
    }
}
