package io.portreeve.igd.iwf;

import io.portreeve.client.MappingKey;
import io.portreeve.igd.iwf.IgdAction.Add;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One entry of the port mapping table.
 *
 * @param internalPort 1..65535
 * @param description as the control point gave it; text of a stranger
 * @param natPort of the gateway's WAN address, 1..65535; empty if the gateway does not translate
 * @param choice as the control point that asked last has it
 */
public record PortMapping(
        PortMappingKey key,
        int internalPort,
        PcpAddress internalClient,
        String description,
        Lease lease,
        OptionalInt natPort,
        PortChoice choice) {

    /** Under this name the PCP client keeps what belongs to the interworking. */
    public static final String OWNER = "igd";

    /** One on exactly this port, without a NAT port, yet or at all. */
    public PortMapping(
            PortMappingKey key, int internalPort, PcpAddress internalClient, String description, Lease lease) {
        this(key, internalPort, internalClient, description, lease, OptionalInt.empty(), PortChoice.EXACTLY);
    }

    /** One without a NAT port, yet or at all. */
    static PortMapping of(PortMappingKey key, Add action, PortChoice choice, Lease lease) {
        return new PortMapping(
                key,
                action.internalPort(),
                action.internalClient(),
                action.description(),
                lease,
                OptionalInt.empty(),
                choice);
    }

    PortMapping through(OptionalInt port) {
        return new PortMapping(key, internalPort, internalClient, description, lease, port, choice);
    }

    /** {@return the same on external port {@code port}, if it may be on any} */
    PortMapping on(int port) {
        return choice == PortChoice.EXACTLY
                ? this
                : new PortMapping(key.on(port), internalPort, internalClient, description, lease, natPort, choice);
    }

    /**
     * {@return what PCP knows this mapping by} A gateway that translates is all that the provider sees: its own port is asked
     * for. One that does not tells PCP the host itself. RFC 6970 sections 5.4, 5.5.
     */
    public MappingKey pcpKey() {
        return natPort.isPresent()
                ? new MappingKey(Optional.empty(), key.protocol(), natPort.getAsInt(), PcpAddress.ANY_IPV4)
                : new MappingKey(Optional.of(internalClient), key.protocol(), internalPort, PcpAddress.ANY_IPV4);
    }

    NatRule natRule() {
        return new NatRule(key.protocol(), natPort, internalClient, internalPort);
    }

    boolean leadsWhere(PortMapping other) {
        return internalClient.equals(other.internalClient) && internalPort == other.internalPort;
    }

    IgdReply.Entry entry(MonoTime now) {
        return new IgdReply.Entry(key, internalPort, internalClient, description, lease.secondsLeft(now));
    }

    AuditRecord.Entry audited() {
        return new AuditRecord.Entry(key, internalClient, internalPort);
    }
}
