package io.portreeve.igd.iwf;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;
import java.util.Set;

/**
 * Which ports hosts may have opened, and how they see and close several at once.
 *
 * @param lowestPort those below belong to services of the gateway and of the hosts: nobody may ask for them outside
 * @param lowInternalPorts the faces on which a host may have something led to such a port of its own
 * @param deniedPorts nobody may ask for them, be it outside or at a host
 * @param portsInUse external ports that the gateway itself uses
 * @param remoteHosts what becomes of a wish to let in one remote host only
 * @param rangeActions how GetListOfPortMappings and DeletePortMappingRange are done
 */
public record AccessPolicy(
        int lowestPort,
        Set<IgdFace> lowInternalPorts,
        Set<Integer> deniedPorts,
        Set<WanPort> portsInUse,
        RemoteHosts remoteHosts,
        RangeActions rangeActions) {

    /** What becomes of a wish to let in one remote host only. */
    public enum RemoteHosts {
        /** It is not done here, says the person who runs the gateway. */
        REJECTED,

        /** The provider lets in nobody else: PCP's FILTER option, RFC 6887 section 13.3. */
        FILTERED
    }

    /** How GetListOfPortMappings and DeletePortMappingRange are done. */
    public enum RangeActions {
        /** As miniupnpc needs it: it lists from port 0, and undoes no escapes in what it is given. */
        TOLERANT,

        /** To the letter: no range begins below what hosts may have. WANIPConnection:2 sections 2.3.25 and 2.5.19. */
        STRICT
    }

    /**
     * Remote logins and file sharing stay inside: FTP, Telnet, Windows RPC, NetBIOS, SMB, remote desktop. The provider has the
     * external address, so the gateway uses no port of it.
     */
    public static final AccessPolicy USUAL = new AccessPolicy(
            1024,
            Set.of(IgdFace.V1),
            Set.of(21, 23, 135, 137, 138, 139, 445, 3389),
            Set.of(),
            RemoteHosts.FILTERED,
            RangeActions.TOLERANT);

    public AccessPolicy {
        lowInternalPorts = Set.copyOf(lowInternalPorts);
        deniedPorts = Set.copyOf(deniedPorts);
        portsInUse = Set.copyOf(portsInUse);
    }

    public AccessPolicy with(RangeActions other) {
        return new AccessPolicy(lowestPort, lowInternalPorts, deniedPorts, portsInUse, remoteHosts, other);
    }

    /** {@return the same for a gateway that has the external address itself, and uses {@code ports} of it} */
    public AccessPolicy using(Set<WanPort> ports) {
        return new AccessPolicy(lowestPort, lowInternalPorts, deniedPorts, ports, remoteHosts, rangeActions);
    }

    boolean isLow(int port) {
        return port < lowestPort;
    }

    /** {@return true if nobody lists or deletes what is in {@code range}} It is in order. */
    boolean closes(PortRange range) {
        return isLow(rangeActions == RangeActions.STRICT ? range.first() : range.last());
    }

    /** {@return true if nobody has {@code port} opened, whoever chooses it} */
    boolean closes(int port) {
        return isLow(port) || deniedPorts.contains(port);
    }

    /** {@return true if control points of {@code face} have no business with that port of a host} */
    boolean hides(int internalPort, IgdFace face) {
        return isLow(internalPort) && !lowInternalPorts.contains(face);
    }

    /** {@return why {@code requester} may neither see nor delete {@code held}, if it may not} */
    Optional<IgdError> refuses(PortMapping held, PcpAddress requester, IgdFace face) {
        boolean mayBe = held.internalClient().equals(requester) && !hides(held.internalPort(), face);
        return mayBe
                ? Optional.empty()
                : Optional.of(face == IgdFace.V1 ? IgdError.NO_SUCH_ENTRY : IgdError.NOT_AUTHORIZED);
    }

    IgdReply readable(PortMapping held, PcpAddress requester, IgdFace face, MonoTime now) {
        return refuses(held, requester, face)
                .<IgdReply>map(IgdReply.Failed::new)
                .orElse(held.entry(now));
    }

    boolean isInUse(PortMappingKey key) {
        return portsInUse.contains(new WanPort(key.protocol(), key.externalPort()));
    }
}
