package io.portreeve.server.engine;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.ResultCode;
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

    /** A mapping that the operator wants, who waits for no answer. */
    record Wanted(MappingKey key, Endpoint external) implements Asker {
        @Override
        public long requestId() {
            throw new IllegalStateException("nobody is to be answered");
        }

        @Override
        public Client client() {
            return new Client(key.subscriber(), key.internal());
        }

        @Override
        public boolean repeats(Asker earlier) {
            return equals(earlier);
        }

        @Override
        public Optional<ServerEffect> refusal(ResultCode result, Lifetime lifetime, EpochTime epoch) {
            return Optional.empty();
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
        var key = wanted.key();
        var external = wanted.external();
        var busy = state.pendings.get(key);
        if (busy != null) {
            busy.await(wanted);
            return;
        }
        if (state.table.covering(key).isPresent() || !takePort(key.protocol(), external)) {
            return;
        }
        var pending = state.begin(List.of(key), Optional.empty());
        pending.ports = Optional.of(new Ports(key.protocol(), external, 1));
        work.withSubscriber(
                pending, key.owner(), (subscriber, later) -> create(pending, key, subscriber, external, later), step);
    }

    private boolean takePort(IpProtocol protocol, Endpoint external) {
        return state.holdDown.take(protocol, external).isPresent() || state.pool.takeExactly(protocol, external);
    }

    private static Endpoint nobody(MappingKey key) {
        return new Endpoint(key.subscriber().address(), 0);
    }

    private void create(Pending pending, MappingKey key, Subscriber subscriber, Endpoint external, Step step) {
        var wanted = new CgnMapping(subscriber.handle(), key.protocol(), key.internal(), external);
        state.calls.ask(pending, List.of(new CgnRoutine.CreatePcpMapping(wanted)), step, (answers, later) -> {
            if (!(answers.getFirst() instanceof CgnAnswer.Created(var handle))) {
                work.giveUp(pending, Work.refusal(answers.getFirst()), later);
                return;
            }
            var terms = new Terms(1, false, Optional.empty(), "", Origin.STATIC);
            var row = new MappingRow(key, NO_NONCE, external, nobody(key), Lifetime.INFINITE, MonoTime.NEVER, terms);
            var mapping = new Mapping(row, List.of(handle), List.of());
            state.add(mapping, new Unsaved.AddedStatic(mapping), later);
            work.finish(pending, later);
        });
    }
}
