package io.portreeve.igd.iwf;

import io.portreeve.client.MappingOutcome;
import io.portreeve.igd.iwf.AuditRecord.What;
import io.portreeve.igd.iwf.Candidates.Candidate;
import io.portreeve.igd.iwf.Pending.Caller;
import io.portreeve.igd.iwf.Pending.Change;
import io.portreeve.igd.iwf.Pending.Stage;
import io.portreeve.pcp.MonoTime;
import java.util.Optional;
import java.util.function.Supplier;

/** Entries that are made or renewed, until PCP has said yes: a NAT port, then PCP. Source: RFC 6970 sections 5.5, 5.6. */
final class Additions {
    private final Supplier<IwfPolicy> policy;
    private final PortMappingTable table;
    private final NatPorts natPorts;
    private final Restoring restoring;
    private final Strategy strategy;
    private final Candidates candidates;
    private final Unsynced unsynced;
    private final Steps steps;
    private final Removals removals;
    private final Withdrawals withdrawals;

    Additions(
            Supplier<IwfPolicy> policy,
            PortMappingTable table,
            NatPorts natPorts,
            Restoring restoring,
            Candidates candidates,
            Unsynced unsynced,
            Steps steps,
            Removals removals,
            Withdrawals withdrawals) {
        this.policy = policy;
        this.table = table;
        this.natPorts = natPorts;
        this.restoring = restoring;
        this.candidates = candidates;
        this.unsynced = unsynced;
        this.steps = steps;
        this.removals = removals;
        this.withdrawals = withdrawals;
        strategy = new Strategy(policy, restoring.requests(), candidates);
    }

    Strategy strategy() {
        return strategy;
    }

    /** Makes or renews {@code wanted}; the entry it renews leads where it leads. */
    void add(PortMapping wanted, Caller caller, MonoTime now) {
        var before = table.get(wanted.key());
        if (before.isPresent()) {
            renew(strategy.renewal(wanted.through(before.get().natPort()), before.get()), caller, now);
            return;
        }
        var candidate = candidates.take(wanted);
        candidate
                .map(it -> Optional.of(wanted.through(it.wanted().natPort())))
                .orElseGet(() -> natPorts.reserve(wanted))
                .ifPresentOrElse(
                        reserved -> make(strategy.first(reserved, now), candidate, caller, now),
                        () -> steps.out().fail(caller.call(), PcpErrors.noPortLeft(caller.face())));
    }

    private Pending begun(Change.Add add, Caller caller) {
        return new Pending(steps.out().nextId(), add, Optional.of(caller), Stage.PCP, caller.replyBy());
    }

    private void make(Change.Add add, Optional<Candidate> candidate, Caller caller, MonoTime now) {
        if (candidate.filter(it -> it.serves(add.mapping())).isPresent()) {
            steps.changeNat(begun(add.by(Approach.SUGGESTING), caller)); // PCP has given it already, for a short time
        } else {
            ask(begun(add, caller), add, now);
        }
    }

    private void renew(Change.Add add, Caller caller, MonoTime now) {
        var requests = restoring.requests();
        var before = add.before().orElseThrow();
        var kept = requests.keeping(before, now);
        boolean isTimed = add.mapping().lease() instanceof Lease.Timed; // its time begins anew
        if (!isTimed && !restoring.isAsked(before.key()) && kept.equals(requests.keeping(add.mapping(), now))) {
            steps.changeNat(begun(add, caller)); // the PCP mapping is as it should be
        } else {
            ask(begun(add, caller), add, now);
        }
    }

    private void ask(Pending change, Change.Add add, MonoTime now) {
        var request = restoring.requests().of(add.mapping(), add.approach(), now);
        var patience = change.caller().map(this::patience).orElse(change.deadline());
        steps.pending().put(change.as(add, Stage.PCP, patience));
        steps.out().add(new IwfEffect.AskPcp(change.id(), request));
    }

    /** {@return how long PCP may take, if nothing of the time is needed afterwards} */
    private MonoTime patience(Caller caller) {
        return policy.get().opensByItself() ? caller.replyBy().plus(Steps.FOR_THE_GATEWAY.negated()) : caller.replyBy();
    }

    /** {@return true if a request that failed for its caller, but goes on, is now waited for again} It is made again if it is over. */
    boolean adopt(PortMapping wanted, Caller caller, MonoTime now) {
        var orphan = steps.pending()
                .about(wanted.key())
                .filter(it -> it.isOrphanOf(wanted))
                .map(it -> it.adoptedBy(caller, wanted));
        orphan.ifPresent(it -> {
            if (it.stage() == Stage.PCP) {
                steps.pending().put(it);
            } else {
                ask(it, strategy.first(it.change().mapping(), now), now);
            }
        });
        return orphan.isPresent();
    }

    void pcpAnswered(Pending change, Change.Add add, MappingOutcome outcome, MonoTime now) {
        switch (outcome) {
            case MappingOutcome.Granted(var endpoint, var _, int _) -> granted(change, add, endpoint.port(), now);
            case MappingOutcome.Refused refused -> refused(change, add, refused, now);
            case MappingOutcome.HeldByOther(var owner) -> taken(change, add, owner + " on this gateway has it");
            case MappingOutcome.Released() ->
                withdrawals.failed(change, add, "it was released", _ -> IgdError.ACTION_FAILED);
            case MappingOutcome.Unreachable() ->
                unanswered(change.at(Stage.UNREACHED), add, "nobody listens at the PCP server", now);
        }
    }

    private void refused(Pending change, Change.Add add, MappingOutcome.Refused refused, MonoTime now) {
        var instead = strategy.instead(add, refused);
        var again = strategy.retry(change, add, refused, now);
        if (instead.isPresent()) {
            ask(change, instead.get(), now);
        } else if (again.isPresent()) {
            steps.pending().put(change.as(add.again(), Stage.RETRY, again.get()));
        } else {
            strategy.refused(add, refused, now);
            var choice = add.mapping().choice();
            withdrawals.failed(
                    change,
                    add,
                    PcpErrors.explained(refused),
                    caller -> PcpErrors.onAdd(refused, choice, caller.face()));
        }
    }

    /** @param port the external one */
    void granted(Pending change, Change.Add add, int port, MonoTime now) {
        removals.spare(add.mapping().key());
        var granted = change.on(port);
        var mapping = granted.change().mapping();
        restoring.granted(add.approach(), now);
        if (change.caller().isEmpty()) {
            withdrawals.withdraw(change, add);
        } else if (mapping.key().externalPort() != port) {
            given(change, add, port, now);
        } else if (policy.get().access().closes(port)) {
            taken(change, add, "the provider gives port " + port + ", which stays closed");
        } else if (isTaken(mapping, change, add)) {
            taken(change, add, "another entry has port " + port);
        } else {
            steps.changeNat(granted);
        }
    }

    /** The provider has given another port than the only one that will do. */
    private void given(Pending change, Change.Add add, int port, MonoTime now) {
        var why = "the provider gives port " + port + " instead";
        if (add.before().isPresent() || !candidates.hasRoom()) {
            taken(change, add, why);
            return;
        }
        withdrawals.notOpened(change, why, _ -> IgdError.CONFLICT);
        steps.pending().remove(change);
        candidates.take(add.mapping()).ifPresent(this::giveUp); // behind a NAT it has a mapping of its own
        candidates.put(add.mapping(), port, now);
    }

    /** A provider with several external addresses may give one port twice; control points know no address. */
    private boolean isTaken(PortMapping granted, Pending change, Change.Add add) {
        var key = granted.key();
        boolean isBeingMade = steps.pending()
                .about(key)
                .filter(other -> other.id() != change.id() && !other.stage().isBeforePcp())
                .isPresent();
        return isBeingMade
                || table.onPort(key.externalPort(), key.protocol())
                        .filter(held -> add.before()
                                .filter(before -> before.key().equals(held.key()))
                                .isEmpty())
                        .isPresent();
    }

    private void taken(Pending change, Change.Add add, String why) {
        var choice = add.mapping().choice();
        withdrawals.failed(change, add, why, caller -> PcpErrors.conflict(choice, caller.face()));
        add.before().ifPresent(before -> removals.doom(before, Ending.lost(why))); // it is where another one is now
    }

    private void unanswered(Pending change, Change.Add add, String why, MonoTime now) {
        if (policy.get().opensByItself() && change.caller().isPresent()) {
            openHere(change, add, why, now);
        } else {
            orphan(change, add, why, now);
        }
    }

    /** The provider is asked until it answers; then the entry moves, or goes, if it is not given what it has here. */
    private void openHere(Pending change, Change.Add add, String why, MonoTime now) {
        int asked = add.mapping().key().externalPort();
        var opened = change.on(asked == 0 ? add.mapping().natPort().orElseThrow() : asked);
        var mapping = opened.change().mapping();
        if (isTaken(mapping, change, add)) {
            taken(change, add, "another entry has that port");
            return;
        }
        if (change.stage() == Stage.UNREACHED) {
            unsynced.add(mapping.key(), now);
        } else {
            restoring.await(change.id(), new Restoring.Asked(mapping.key(), add.approach()));
        }
        steps.audit(AuditRecord.of(What.LOCAL, mapping, why));
        steps.changeNat(opened);
    }

    /** Its caller is told that it failed, but it goes on: a late success is adopted if the caller asks again, else undone. */
    private void orphan(Pending change, Change.Add add, String why, MonoTime now) {
        if (add.before().isPresent()) {
            withdrawals.failed(change, add, why, _ -> IgdError.ACTION_FAILED);
            return;
        }
        withdrawals.notOpened(change, why, _ -> IgdError.ACTION_FAILED);
        steps.pending().put(change.withoutCaller().until(now.plus(policy.get().orphanPatience())));
    }

    void late(Pending change, Change.Add add, MonoTime now) {
        switch (change.stage()) {
            case RETRY -> ask(change, add, now);
            case PCP, UNREACHED -> {
                if (change.caller().isEmpty()) {
                    withdrawals.withdraw(change, add);
                } else {
                    unanswered(change, add, "the PCP server has not answered in time", now);
                }
            }
            case NAT, STORE, UNDO -> spoil(change, "the gateway itself has not done it in time");
        }
    }

    /** It has come to nothing: its caller hears so at once, and what the gateway is still doing for it is undone afterwards. */
    void spoil(Pending change, String why) {
        steps.pending().put(change.withoutCaller());
        withdrawals.notOpened(change, why, _ -> IgdError.ACTION_FAILED);
    }

    /** Gives back what no control point has come to. */
    void due(MonoTime now) {
        candidates.abandoned(now).forEach(this::giveUp);
    }

    void providerChanged() {
        candidates.takeAll().forEach(this::giveUp);
        strategy.freed();
        restoring.requests().providerChanged();
    }

    void giveUp(Candidate candidate) {
        withdrawals.release(candidate.wanted());
    }
}
