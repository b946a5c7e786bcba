package io.portreeve.igd.iwf;

import io.portreeve.igd.limits.HostLimit;
import io.portreeve.igd.limits.Rate;
import io.portreeve.pcp.MonoTime;
import java.util.Optional;

/** Tells control points that they may not, and the audit too, which no host can fill by asking on. */
final class Denials {
    private final HostLimit audited = new HostLimit(new Rate(1, 20), new Rate(20, 100));
    private final Outbox out;

    private long count;

    Denials(Outbox out) {
        this.out = out;
    }

    /** {@return how often, those included that the audit is not told} */
    long count() {
        return count;
    }

    /** @param entry what was wanted, or is there; empty if it is about none */
    void deny(IwfEvent.Call call, Optional<AuditRecord.Entry> entry, Denial denial, MonoTime now) {
        count++;
        out.fail(call.id(), denial.error());
        if (audited.admits(call.requester(), 1, now)) {
            out.add(new IwfEffect.Audit(
                    new AuditRecord(AuditRecord.What.DENIED, Optional.of(call.requester()), entry, denial.why())));
        }
    }
}
