package io.portreeve.igd.iwf;

import io.portreeve.igd.iwf.AccessPolicy.RemoteHosts;
import io.portreeve.igd.iwf.IgdAction.Add;
import io.portreeve.igd.iwf.IgdAction.AddAnyPortMapping;
import io.portreeve.pcp.PcpAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Who may do what, before anything is done; the first reason to refuse is the one told: wildcards, then rights, then the table.
 * Source: WANIPConnection:2 sections 2.5.16, 2.5.23.
 */
final class Admission {
    private final PortMappingTable table;
    private final Supplier<IwfPolicy> policy;
    private final Shares shares;

    /** Empty while nobody has told. */
    private Set<LanNetwork> lan = Set.of();

    Admission(PortMappingTable table, Supplier<IwfPolicy> policy, Shares shares) {
        this.table = table;
        this.policy = policy;
        this.shares = shares;
    }

    AccessPolicy access() {
        return policy.get().access();
    }

    void lanIs(Set<LanNetwork> networks) {
        lan = networks;
    }

    /** {@return why {@code action} is not for whom asks, whatever the table holds, if it is not} */
    Optional<Denial> forbids(Add action, IwfEvent.Call call) {
        int port = action.key().externalPort();
        boolean isAny = port == 0 && action instanceof AddAnyPortMapping;
        if (port == 0 && !isAny) {
            return Optional.of(new Denial(IgdError.WILDCARD_EXTERNAL_PORT, "all external ports at once"));
        }
        var trespass = trespass(action, call, isAny);
        if (trespass.isPresent() || action.enabled()) {
            return trespass.map(why -> Denial.forbidden(call.face(), why));
        }
        return Optional.of(new Denial(IgdError.ACTION_FAILED, "PCP has no disabled mappings")); // RFC 6970 section 4.1
    }

    private Optional<String> trespass(Add action, IwfEvent.Call call, boolean isAny) {
        int port = action.key().externalPort();
        if (!action.internalClient().equals(call.requester())) {
            return Optional.of("it is for another host");
        }
        if (!isHost(call.requester())) {
            return Optional.of("it is for no host of the LAN");
        }
        if (access().isLow(port) && !isAny || access().hides(action.internalPort(), call.face())) {
            return Optional.of("ports below " + access().lowestPort() + " stay closed");
        }
        if (access().deniedPorts().contains(port) || access().deniedPorts().contains(action.internalPort())) {
            return Optional.of("that port stays closed");
        }
        return Optional.empty();
    }

    /** {@return true if {@code call} may look for {@code key} at the provider: it could ask to have it opened} */
    boolean mayLookFor(PortMappingKey key, IwfEvent.Call call) {
        int port = key.externalPort();
        return isHost(call.requester())
                && !access().closes(port)
                && !access().isInUse(key)
                && table.onPort(port, key.protocol()).isEmpty();
    }

    private boolean isHost(PcpAddress address) {
        boolean isUnicast =
                address.isIpv4() && !address.isUnspecified() && !address.isLoopback() && !address.isForMany();
        return isUnicast && (lan.isEmpty() || lan.stream().anyMatch(network -> network.hasHost(address)));
    }

    /** {@return why {@code wanted} cannot be, as things are, if it cannot} */
    Optional<Denial> refuses(PortMapping wanted, IgdFace face) {
        if (access().isInUse(wanted.key())) {
            return Optional.of(new Denial(
                    face == IgdFace.V1 ? IgdError.CONFLICT : IgdError.CONFLICT_WITH_OTHER_MECHANISMS,
                    "the gateway itself uses that port"));
        }
        if (isConflict(wanted)) {
            return Optional.of(new Denial(IgdError.CONFLICT, "there is another entry for that port"));
        }
        return remoteHost(wanted.key(), face).or(() -> shares.tooMuch(wanted, face));
    }

    /** {@return true if an external port that is wanted, but not needed, is somebody else's} */
    boolean isTaken(PortMapping wanted) {
        return table.isTaken(wanted) || access().isInUse(wanted.key());
    }

    private Optional<Denial> remoteHost(PortMappingKey key, IgdFace face) {
        if (key.remoteHost().isEmpty() || access().remoteHosts() == RemoteHosts.FILTERED) {
            return Optional.empty();
        }
        return Optional.of(
                face == IgdFace.V1
                        ? new Denial(IgdError.REMOTE_HOST_ONLY_WILDCARD, "it is for one remote host")
                        : Denial.forbidden(face, "it is for one remote host"));
    }

    /** PCP knows one mapping for each internal endpoint; a gateway that translates has an endpoint of its own for each entry. */
    private boolean isConflict(PortMapping wanted) {
        return table.isTaken(wanted)
                || !policy.get().translates()
                        && table.get(wanted.pcpKey())
                                .filter(held -> !held.key().equals(wanted.key()))
                                .isPresent();
    }

    /**
     * {@return what the caller has in {@code range}, but for ports that are too low} Nobody is authenticated here, so nobody
     * manages the entries of others.
     */
    List<PortMapping> own(PortRange range, IwfEvent.Call call) {
        return table.in(range).stream()
                .filter(held -> !access().isLow(held.key().externalPort()))
                .filter(held ->
                        access().refuses(held, call.requester(), call.face()).isEmpty())
                .toList();
    }

    /** {@return why nobody may list or delete anything in {@code range}, if nobody may} */
    Optional<IgdError> refuses(PortRange range, IgdFace face) {
        if (!range.isInOrder()) {
            return Optional.of(IgdError.INCONSISTENT_PARAMETERS);
        }
        return access().closes(range) ? Optional.of(Denial.forbidden(face)) : Optional.empty();
    }

    /** {@return why nobody may see or delete what has {@code key}, if nobody may} The first face says that there is none. */
    Optional<IgdError> refuses(PortMappingKey key, IgdFace face) {
        return access().isLow(key.externalPort()) && face == IgdFace.V2
                ? Optional.of(IgdError.NOT_AUTHORIZED)
                : Optional.empty();
    }
}
