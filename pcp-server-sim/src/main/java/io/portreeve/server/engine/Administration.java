package io.portreeve.server.engine;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.CgnMapping;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Terms.Origin;
import java.util.List;
import java.util.Optional;

/** What the operator does to the table. */
final class Administration {
    private static final MappingNonce NO_NONCE = new MappingNonce(0, 0, 0);

    private final ServerState state;
    private final Work work;
    private final Departures departures;
    private final Announcer announcer;

    /** A mapping that the operator wants. */
    record Wanted(long orderId, MappingKey key, Endpoint external) implements Asker {
        @Override
        public long requestId() {
            throw new IllegalStateException("no datagram asks for it");
        }

        @Override
        public Client client() {
            return new Client(key.subscriber(), key.internal());
        }

        @Override
        public boolean repeats(Asker earlier) {
            return false; // whoever says it again waits for an answer, too
        }

        @Override
        public Optional<ServerEffect> refusal(ResultCode result, Lifetime lifetime, EpochTime epoch) {
            return Optional.of(answer(new Addition.Overtaken()));
        }

        ServerEffect answer(Addition outcome) {
            return new ServerEffect.Administered(orderId, outcome);
        }
    }

    Administration(ServerState state, Work work, Departures departures, Announcer announcer) {
        this.state = state;
        this.work = work;
        this.departures = departures;
        this.announcer = announcer;
    }

    /** All mappings but the static ones go; clients learn of it from the epoch. */
    void clear(Step step) {
        var clients = Announcer.clientsOf(state.living());
        departures.takeAll(state.living(), step);
        step.add(new ServerEffect.SaveEpoch(state.epochs.reset(step.now)));
        state.unsaved.add(new Unsaved.EpochReset());
        announcer.announceToAll(clients, step);
    }

    /** The mappings of one subscriber go: only that one has lost anything. Source: RFC 6887 section 8.5. */
    void clear(SubscriberId subscriber, Step step) {
        var clients = Announcer.clientsOf(state.living(subscriber));
        departures.takeAll(state.living(subscriber), step);
        step.add(new ServerEffect.SaveOwnEpoch(subscriber, state.epochs.reset(subscriber, step.now)));
        state.unsaved.add(new Unsaved.EpochReset());
        announcer.announceTo(subscriber, clients, step);
    }

    /**
     * Makes a mapping that has no lifetime and that no client may delete. One that is in the way is left alone; a port that is
     * held back after another has ended is not. What is being done about the internal port is waited for.
     */
    void addStatic(Wanted wanted, Step step) {
        var busy = state.pendings.get(wanted.key());
        var there = state.table.covering(wanted.key());
        if (busy != null) {
            await(busy, wanted, step);
        } else if (there.isPresent()) {
            isThere(there.get().row(), wanted, step);
        } else if (takePort(wanted.key().protocol(), wanted.external())) {
            begin(wanted, step);
        } else {
            step.add(wanted.answer(notFree(wanted, step)));
        }
    }

    private void await(Pending busy, Wanted wanted, Step step) {
        if (busy.isOverdue) {
            step.add(wanted.answer(new Addition.Overtaken()));
        } else if (!busy.await(wanted)) {
            step.add(wanted.answer(new Addition.Busy()));
        }
    }

    private void isThere(MappingRow row, Wanted wanted, Step step) {
        if (!row.isStatic() || !row.external().equals(wanted.external())) {
            step.add(wanted.answer(new Addition.InTheWay(MappingView.of(row, step.now))));
        } else if (!state.isCgnThere(step)) {
            step.add(wanted.answer(new Addition.RefusedByCgn(CgnError.UNREACHABLE)));
        } else if (state.unsaved.isEmpty()) {
            step.add(wanted.answer(new Addition.WasThere()));
        } else {
            state.unsaved.add(new Unsaved.Awaited(wanted)); // it may be what cannot be stored
        }
    }

    private boolean takePort(IpProtocol protocol, Endpoint external) {
        return state.holdDown.take(protocol, external).isPresent() || state.pool.takeExactly(protocol, external);
    }

    private Addition notFree(Wanted wanted, Step step) {
        var protocol = wanted.key().protocol();
        Addition otherwise =
                state.pool.mayGive(protocol, wanted.external()) ? new Addition.Busy() : new Addition.NotOfPool();
        return state.table
                .on(protocol, wanted.external())
                .<Addition>map(mapping -> new Addition.InTheWay(MappingView.of(mapping.row(), step.now)))
                .orElse(otherwise);
    }

    private void begin(Wanted wanted, Step step) {
        var key = wanted.key();
        var pending = state.begin(List.of(key), Optional.of(wanted));
        pending.ports = Optional.of(new Ports(key.protocol(), wanted.external(), 1));
        work.withSubscriber(
                pending,
                key.owner(),
                (subscriber, later) -> create(pending, wanted, subscriber, later),
                (refusal, later) -> refused(pending, wanted, refusal, later),
                step);
    }

    private static Endpoint nobody(MappingKey key) {
        return new Endpoint(key.subscriber().address(), 0);
    }

    private void create(Pending pending, Wanted wanted, Subscriber subscriber, Step step) {
        var key = wanted.key();
        var external = wanted.external();
        var asked = new CgnMapping(subscriber.handle(), key.protocol(), key.internal(), external);
        state.calls.ask(pending, List.of(new CgnRoutine.CreatePcpMapping(asked)), step, (answers, later) -> {
            if (!(answers.getFirst() instanceof CgnAnswer.Created(var handle))) {
                refused(pending, wanted, answers.getFirst(), later);
                return;
            }
            var terms = new Terms(1, false, Optional.empty(), "", Origin.STATIC);
            var row = new MappingRow(key, NO_NONCE, external, nobody(key), Lifetime.INFINITE, MonoTime.NEVER, terms);
            var mapping = new Mapping(row, List.of(handle), List.of());
            state.add(mapping, new Unsaved.AddedStatic(wanted, mapping), later);
            work.finish(pending, later);
        });
    }

    /** Unless he has heard of it already, because it took too long. */
    private void refused(Pending pending, Wanted wanted, CgnAnswer answer, Step step) {
        var error = answer instanceof CgnAnswer.Failed(var why) ? why : CgnError.INTERNAL;
        pending.asker.ifPresent(_ -> step.add(wanted.answer(new Addition.RefusedByCgn(error))));
        pending.asker = Optional.empty();
        work.giveUp(pending, Work.refusal(answer), step);
    }
}
