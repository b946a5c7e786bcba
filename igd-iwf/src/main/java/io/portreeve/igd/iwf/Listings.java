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
                .or(() -> table.get(key)
                        .map(held -> admission.access().readable(held, call.requester(), call.face(), now)))
                .orElse(new IgdReply.Failed(IgdError.NO_SUCH_ENTRY));
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
        return entries.isEmpty()
                ? new IgdReply.Failed(IgdError.PORT_MAPPING_NOT_FOUND)
                : new IgdReply.Listing(entries, admission.access().rangeActions());
    }
}
