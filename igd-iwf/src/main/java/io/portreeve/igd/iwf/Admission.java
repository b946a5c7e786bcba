package io.portreeve.igd.iwf;

import io.portreeve.igd.iwf.IgdAction.Add;
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

    /** @param wanted what {@code action} would make: one that is content with any port has its own idea of it */
    Optional<IgdError> refuses(Add action, PortMapping wanted, IwfEvent.Call call) {
        if (!action.enabled()) {
            return Optional.of(IgdError.ACTION_FAILED); // PCP has no disabled mappings: RFC 6970 section 4.1
        }
        int port = action.key().externalPort();
        boolean isAny = port == 0 && wanted.choice() == PortChoice.ANY;
        if (port == 0 && !isAny) {
            return Optional.of(IgdError.WILDCARD_EXTERNAL_PORT);
        }
        if (!action.internalClient().equals(call.requester()) || port < policy.lowestExternalPort() && !isAny) {
            return Optional.of(forbidden(call.face()));
        }
        return isConflict(wanted) ? Optional.of(IgdError.CONFLICT) : remoteHost(wanted.key(), call.face());
    }

    /** PCP's FILTER option, which would let only one remote host in, is not spoken yet. */
    private static Optional<IgdError> remoteHost(PortMappingKey key, IgdFace face) {
        return key.remoteHost()
                .map(_ -> face == IgdFace.V1 ? IgdError.REMOTE_HOST_ONLY_WILDCARD : IgdError.ACTION_FAILED);
    }

    /** PCP knows one mapping for each internal endpoint; a gateway that translates has an endpoint of its own for each entry. */
    private boolean isConflict(PortMapping wanted) {
        return table.isTaken(wanted)
                || !policy.translates()
                        && table.get(wanted.pcpKey())
                                .filter(held -> !held.key().equals(wanted.key()))
                                .isPresent();
    }

    /** {@return why nobody may list or delete {@code range}, if nobody may} */
    Optional<IgdError> refuses(PortRange range, IgdFace face) {
        if (!range.isInOrder()) {
            return Optional.of(IgdError.INCONSISTENT_PARAMETERS);
        }
        return range.first() < policy.lowestExternalPort() ? Optional.of(forbidden(face)) : Optional.empty();
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
