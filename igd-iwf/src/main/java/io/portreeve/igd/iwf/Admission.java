package io.portreeve.igd.iwf;

import io.portreeve.igd.iwf.IgdAction.AddPortMapping;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;

/** Who may do what, before anything is done; the first reason to refuse is the one told. Source: WANIPConnection:2 section 2.5.16. */
final class Admission {
    private final PortMappingTable table;
    private final IwfPolicy policy;

    Admission(PortMappingTable table, IwfPolicy policy) {
        this.table = table;
        this.policy = policy;
    }

    Optional<IgdError> refuses(AddPortMapping action, PcpAddress requester, IgdFace face) {
        var key = action.key();
        if (!action.enabled()) {
            return Optional.of(IgdError.ACTION_FAILED); // PCP has no disabled mappings: RFC 6970 section 4.1
        }
        if (key.externalPort() == 0) {
            return Optional.of(IgdError.WILDCARD_EXTERNAL_PORT);
        }
        if (!action.internalClient().equals(requester) || key.externalPort() < policy.lowestExternalPort()) {
            return Optional.of(forbidden(face));
        }
        return isConflict(action) ? Optional.of(IgdError.CONFLICT) : remoteHost(key, face);
    }

    /** PCP's FILTER option, which would let only one remote host in, is not spoken yet. */
    private static Optional<IgdError> remoteHost(PortMappingKey key, IgdFace face) {
        return key.remoteHost()
                .map(_ -> face == IgdFace.V1 ? IgdError.REMOTE_HOST_ONLY_WILDCARD : IgdError.ACTION_FAILED);
    }

    private boolean isConflict(AddPortMapping action) {
        boolean portTaken = table.onPort(
                        action.key().externalPort(), action.key().protocol())
                .filter(held -> !held.internalClient().equals(action.internalClient()))
                .isPresent();
        return portTaken || !policy.translates() && isServiceMapped(action);
    }

    /** PCP knows one mapping for each internal endpoint; a gateway that translates has an endpoint of its own for each entry. */
    private boolean isServiceMapped(AddPortMapping action) {
        var wanted =
                new PortMapping(action.key(), action.internalPort(), action.internalClient(), "", new Lease.Infinite());
        return table.get(wanted.pcpKey())
                .filter(held -> !held.key().equals(action.key()))
                .isPresent();
    }

    /** {@return why {@code requester} may neither see nor delete {@code held}, if it may not} */
    Optional<IgdError> refuses(PortMapping held, PcpAddress requester, IgdFace face) {
        if (held.internalClient().equals(requester)) {
            return Optional.empty();
        }
        return Optional.of(face == IgdFace.V1 ? IgdError.NO_SUCH_ENTRY : IgdError.NOT_AUTHORIZED);
    }

    private static IgdError forbidden(IgdFace face) {
        return face == IgdFace.V1 ? IgdError.CONFLICT : IgdError.NOT_AUTHORIZED;
    }
}
