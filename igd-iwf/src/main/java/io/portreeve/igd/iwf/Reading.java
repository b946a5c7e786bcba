package io.portreeve.igd.iwf;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What control points may read while the interworking does something else: all of it as it was after one event. Any thread.
 *
 * @param listing all entries in their order; empty until somebody lists them
 * @param leaving hosts that seem to have left: a call of theirs shows the interworking that they are there
 */
public record Reading(
        WanReading wan,
        int entries,
        Optional<List<PortMapping>> listing,
        AccessPolicy access,
        Set<PcpAddress> leaving) {

    /** {@return what the interworking would reply; empty if it has to be asked} */
    public Optional<IgdReply> answer(PcpAddress requester, IgdFace face, IgdAction action, MonoTime now) {
        return leaving.contains(requester) ? Optional.empty() : reply(requester, face, action, now);
    }

    Optional<IgdReply> reply(PcpAddress requester, IgdFace face, IgdAction action, MonoTime now) {
        return switch (action) {
            case IgdAction.GetGenericPortMappingEntry(int index) ->
                listing.map(all -> generic(all, index, requester, face, now));
            case IgdAction.GetPortMappingNumberOfEntries() -> Optional.of(new IgdReply.NumberOfEntries(entries));
            case IgdAction.GetExternalIPAddress() -> wan.ofEveryHost().map(IgdReply.ExternalAddress::new);
            case IgdAction.GetStatusInfo() -> Optional.of(wan.status(now));
            case IgdAction.GetConnectionTypeInfo() -> Optional.of(new IgdReply.ConnectionTypeInfo());
            case IgdAction.GetNATRSIPStatus() -> Optional.of(new IgdReply.NatRsipStatus(false, true));
            default -> Optional.empty();
        };
    }

    /** The v1 face lists everything to everybody: a filtered list would have holes. */
    private IgdReply generic(List<PortMapping> all, int index, PcpAddress requester, IgdFace face, MonoTime now) {
        if (index >= all.size()) {
            return new IgdReply.Failed(IgdError.INVALID_INDEX);
        }
        var held = all.get(index);
        return face == IgdFace.V1 ? held.entry(now) : access.readable(held, requester, face, now);
    }
}
