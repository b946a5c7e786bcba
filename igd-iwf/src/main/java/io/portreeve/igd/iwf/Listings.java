package io.portreeve.igd.iwf;

import io.portreeve.igd.iwf.IgdAction.GetListOfPortMappings;
import io.portreeve.pcp.MonoTime;
import java.util.Optional;

/** What control points read of the table, without anybody being asked. Source: RFC 6970 section 5.7. */
final class Listings {
    private final PortMappingTable table;
    private final Admission admission;

    Listings(PortMappingTable table, Admission admission) {
        this.table = table;
        this.admission = admission;
    }

    IgdReply specific(IwfEvent.Call call, PortMappingKey key, MonoTime now) {
        return admission
                .refuses(key, call.face())
                .<IgdReply>map(IgdReply.Failed::new)
                .or(() -> table.get(key).map(held -> readable(call, held, now)))
                .orElse(new IgdReply.Failed(IgdError.NO_SUCH_ENTRY));
    }

    /** The v1 face lists everything to everybody: a filtered list would have holes. */
    IgdReply generic(IwfEvent.Call call, int index, MonoTime now) {
        return table.at(index)
                .map(held -> call.face() == IgdFace.V1 ? held.entry(now) : readable(call, held, now))
                .orElse(new IgdReply.Failed(IgdError.INVALID_INDEX));
    }

    private IgdReply readable(IwfEvent.Call call, PortMapping held, MonoTime now) {
        return admission
                .refuses(held, call.requester(), call.face())
                .<IgdReply>map(IgdReply.Failed::new)
                .orElse(held.entry(now));
    }

    IgdReply list(IwfEvent.Call call, GetListOfPortMappings action, MonoTime now) {
        Optional<IgdError> refusal = admission.refuses(action.range(), call.face());
        if (refusal.isPresent()) {
            return new IgdReply.Failed(refusal.get());
        }
        var entries = admission.own(action.range(), call).stream()
                .limit(action.most() == 0 ? Long.MAX_VALUE : action.most())
                .map(held -> held.entry(now))
                .toList();
        return entries.isEmpty() ? new IgdReply.Failed(IgdError.PORT_MAPPING_NOT_FOUND) : new IgdReply.Listing(entries);
    }
}
