package io.portreeve.igd.iwf;

import io.portreeve.igd.iwf.AuditRecord.What;
import io.portreeve.igd.iwf.Pending.Caller;
import io.portreeve.igd.iwf.Pending.Change;
import java.util.function.Function;

/** Undoes what was done for an entry that is not made, and tells who waits for it. */
final class Withdrawals {
    private final NatPorts natPorts;
    private final Steps steps;

    Withdrawals(NatPorts natPorts, Steps steps) {
        this.natPorts = natPorts;
        this.steps = steps;
    }

    void failed(Pending change, Change.Add add, String why, Function<Caller, IgdError> error) {
        notOpened(change, why, error);
        withdraw(change, add);
    }

    /** UPnP has few words for what went wrong, so the log says it too. */
    void notOpened(Pending change, String why, Function<Caller, IgdError> error) {
        change.caller().ifPresent(caller -> {
            steps.audit(AuditRecord.of(What.REFUSED, change.change().mapping(), why));
            steps.failed(change, error.apply(caller));
        });
    }

    /** Undoes what was asked of PCP, and the reservation; an entry that was only being renewed stays. */
    void withdraw(Pending change, Change.Add add) {
        steps.pending().remove(change);
        if (add.before().isEmpty()) {
            release(add.mapping());
        }
    }

    void release(PortMapping mapping) {
        var out = steps.out();
        out.add(new IwfEffect.ReleasePcp(out.nextId(), mapping.pcpKey()));
        natPorts.release(mapping);
    }
}
