package io.portreeve.igd.iwf;

import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingView;
import io.portreeve.pcp.PcpAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What can happen to the interworking. */
public sealed interface IwfEvent {

    /** A control point asks. @param id under which the reply goes back */
    record Call(long id, PcpAddress requester, IgdFace face, IgdAction action) implements IwfEvent {}

    /** What became of {@link IwfEffect.AskPcp} or {@link IwfEffect.ReleasePcp}. */
    record PcpAnswered(long id, MappingOutcome outcome) implements IwfEvent {}

    /** A mapping changed without being asked about. */
    record PcpChanged(MappingEvent event) implements IwfEvent {}

    /** What became of {@link IwfEffect.ChangeNat}. */
    record NatDone(long id, boolean done) implements IwfEvent {}

    /** What became of {@link IwfEffect.Save} or {@link IwfEffect.Erase}. */
    record Saved(long id, boolean saved) implements IwfEvent {}

    /** The WAN side has this address now, or none. */
    record WanChanged(Optional<PcpAddress> address) implements IwfEvent {}

    /** The link to the provider can carry packets now, or cannot. */
    record LinkChanged(boolean up) implements IwfEvent {}

    /**
     * Somebody else is asked for ports from now on, or nobody.
     *
     * @param kept what the PCP client that asks keeps from an earlier time
     * @param portsInUse of the external address, by the gateway itself
     */
    record ProviderChanged(List<MappingView> kept, Set<WanPort> portsInUse) implements IwfEvent {
        public ProviderChanged {
            kept = List.copyOf(kept);
            portsInUse = Set.copyOf(portsInUse);
        }
    }

    /** The gateway's LAN has these networks now. */
    record LanChanged(Set<LanNetwork> networks) implements IwfEvent {
        public LanChanged {
            networks = Set.copyOf(networks);
        }
    }

    /** A host has left the LAN; its entries go unless it comes back in time. */
    record HostLeft(PcpAddress host, Departure how) implements IwfEvent {}

    /** A host is there. @param hardware which one; empty if that is not known */
    record HostSeen(PcpAddress host, Optional<HardwareAddress> hardware) implements IwfEvent {}

    /** Hosts may more from now on, or less, or the provider is asked otherwise. Times and ports of the gateway's own stay. */
    record PolicyChanged(AccessPolicy access, Quotas quotas, DeletionPolicy deletion, AskingPolicy asking)
            implements IwfEvent {}

    /** The person who runs the gateway wants to see it. @param id under which it is shown */
    record Inspect(long id) implements IwfEvent {}

    /** Time has passed. */
    record Due() implements IwfEvent {}
}
