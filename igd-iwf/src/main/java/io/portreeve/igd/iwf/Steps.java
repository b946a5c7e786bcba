package io.portreeve.igd.iwf;

import io.portreeve.igd.iwf.Pending.Change;
import io.portreeve.igd.iwf.Pending.Stage;
import java.time.Duration;

/** The steps that all changes take, and what is under way. */
record Steps(PendingTable pending, Outbox out) {
    /** What is left of the time for a reply when PCP is waited for no longer: for the gateway's own NAT and disk. */
    static final Duration FOR_THE_GATEWAY = Duration.ofSeconds(1);

    void changeNat(Pending change) {
        pending.put(change.at(Stage.NAT));
        var rule = change.change().mapping().natRule();
        out.add(new IwfEffect.ChangeNat(
                change.id(),
                switch (change.change()) {
                    case Change.Add _ -> new NatChange.Install(rule);
                    case Change.Remove _ -> new NatChange.Remove(rule);
                }));
    }

    /** The rule goes first: what it led to must not get its port, or its PCP mapping, before. */
    void undoNat(Pending change) {
        pending.put(change.at(Stage.UNDO));
        var rule = change.change().mapping().natRule();
        out.add(new IwfEffect.ChangeNat(change.id(), new NatChange.Remove(rule)));
    }

    void store(Pending change, IwfEffect effect) {
        pending.put(change.at(Stage.STORE));
        out.add(effect);
    }

    void audit(AuditRecord entry) {
        out.add(new IwfEffect.Audit(entry));
    }

    void reply(Pending change, IgdReply reply) {
        change.caller().ifPresent(caller -> out.reply(caller.call(), reply));
    }

    /** Its caller is told that it failed, and waits no more; it goes on. */
    Pending failed(Pending change, IgdError error) {
        reply(change, new IgdReply.Failed(error));
        return change.withoutCaller();
    }
}
