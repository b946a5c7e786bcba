package io.portreeve.igd.iwf;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;
import java.util.Set;

/**
 * Which ports hosts may have opened.
 *
 * @param lowestPort those below belong to services of the gateway and of the hosts: nobody may ask for them outside
 * @param lowInternalPorts the faces on which a host may have something led to such a port of its own
 * @param deniedPorts nobody may ask for them, be it outside or at a host
 * @param portsInUse external ports that the gateway itself uses
 * @param remoteHosts what becomes of a wish to let in one remote host only
 */
public record AccessPolicy(
        int lowestPort,
        Set<IgdFace> lowInternalPorts,
        Set<Integer> deniedPorts,
        Set<WanPort> portsInUse,
        RemoteHosts remoteHosts) {

    /** What becomes of a wish to let in one remote host only. */
    public enum RemoteHosts {
        /** It is not done here, says the person who runs the gateway. */
        REJECTED,

        /** The provider lets in nobody else: PCP's FILTER option, RFC 6887 section 13.3. */
        FILTERED
    }

    /**
     * Remote logins and file sharing stay inside: FTP, Telnet, Windows RPC, NetBIOS, SMB, remote desktop. The provider has the
     * external address, so the gateway uses no port of it.
     */
    public static final AccessPolicy USUAL = new AccessPolicy(
            1024, Set.of(IgdFace.V1), Set.of(21, 23, 135, 137, 138, 139, 445, 3389), Set.of(), RemoteHosts.FILTERED);

    public AccessPolicy {
        lowInternalPorts = Set.copyOf(lowInternalPorts);
        deniedPorts = Set.copyOf(deniedPorts);
        portsInUse = Set.copyOf(portsInUse);
    }

    /** {@return the same for a gateway that has the external address itself, and uses {@code ports} of it} */
    public AccessPolicy using(Set<WanPort> ports) {
        return new AccessPolicy(lowestPort, lowInternalPorts, deniedPorts, ports, remoteHosts);
    }

    boolean isLow(int port) {
        return port < lowestPort;
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
