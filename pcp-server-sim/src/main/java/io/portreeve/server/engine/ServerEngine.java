package io.portreeve.server.engine;

import static io.portreeve.pcp.ResultCode.CANNOT_PROVIDE_EXTERNAL;
import static io.portreeve.pcp.ResultCode.NOT_AUTHORIZED;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.pcp.ResultCode.USER_EX_QUOTA;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.CgnMapping;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.engine.Pending.AskingSubscriber;
import io.portreeve.server.engine.Pending.Creating;
import io.portreeve.server.engine.Pending.Ending;
import io.portreeve.server.engine.Pending.Erasing;
import io.portreeve.server.engine.ServerEvent.CgnDone;
import io.portreeve.server.engine.ServerEvent.Due;
import io.portreeve.server.engine.ServerEvent.ListMappings;
import io.portreeve.server.engine.ServerEvent.NotSaved;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerEvent.Refused;
import io.portreeve.server.engine.ServerEvent.Saved;
import io.portreeve.server.engine.ServerEvent.SubscriberDeleted;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The PCP server: what it answers, and what it asks of CGN and disk. No clock, no octets, no threads.
 *
 * <p>A MAP request goes: checks, the CGN says who the subscriber is, a port is taken, the CGN creates, the row is saved, the
 * answer goes out. A request for a key on which work is under way waits its turn. What was done since the last commit is
 * {@link Unsaved}: it is answered when it is on disk, and undone when it cannot be written.
 * Source: RFC 6887 sections 8.2, 11.3, 14.1, 15.
 */
public final class ServerEngine {
    private final ServerPolicy policy;
    private final ServerEpoch epoch;
    private final RandomGenerator random;
    private final MapChecks checks;
    private final ServerState state;
    private final Commit commit;
    private final Departures departures;

    /**
     * @param pool without the ports of the restored mappings
     * @param random chooses external ports; they must not be guessable
     */
    public ServerEngine(
            ServerPolicy policy, ServerEpoch epoch, ExternalPool pool, RestoredState restored, RandomGenerator random) {
        this.policy = policy;
        this.epoch = epoch;
        this.random = random;
        checks = new MapChecks(policy, pool);
        state = new ServerState(pool, new Quota(policy.quota()), restored);
        commit = new Commit(state);
        departures = new Departures(state);
    }

    public MonoTime nextDue() {
        return state.table.nextExpiry().earlier(state.erasures.due());
    }

    /** {@return what must be done about {@code event}, in order} */
    public List<ServerEffect> handle(ServerEvent event, MonoTime now) {
        var step = new Step(now, epoch.at(now));
        switch (event) {
            case Received(long id, var _, AnnounceRequest _) ->
                step.reply(id, new AnnounceResponse(ResultCode.SUCCESS.value(), step.epoch));
            case Received(long id, var source, MapRequest map) -> map(new Asked(id, source, map), step);
            case Received(long id, var _, PeerRequest _) -> step.refuse(id, ResultCode.UNSUPP_OPCODE);
            case Received(long id, var _, GetRequest _) -> step.refuse(id, ResultCode.UNSUPP_OPCODE);
            case Refused(long id, var _, var result) -> step.refuse(id, result);
            case CgnDone(long call, var answer) -> cgnDone(call, answer, step);
            case SubscriberDeleted(var handle) -> departures.subscriberDeleted(handle, step);
            case ListMappings(long id) -> step.add(new ServerEffect.Listing(id, views(now)));
            case Saved() -> commit.saved(step);
            case NotSaved() -> commit.notSaved(step);
            case Due() -> departures.due(step);
        }
        return step.effects();
    }

    private List<MappingView> views(MonoTime now) {
        return state.table.all().stream()
                .map(mapping -> MappingView.of(mapping.row(), now))
                .toList();
    }

    private void map(Asked asked, Step step) {
        var refusal = checks.refusal(asked);
        if (refusal.isPresent()) {
            step.refuse(asked.requestId(), refusal.get(), MapChecks.lifetimeOf(refusal.get()));
            return;
        }
        var pending = state.pendings.get(asked.key());
        if (pending != null) {
            if (!pending.await(asked)) {
                step.add(new ServerEffect.Ignore(asked.requestId()));
            }
            return;
        }
        state.table
                .find(asked.key())
                .ifPresentOrElse(mapping -> existing(asked, mapping, step), () -> absent(asked, step));
    }

    private void existing(Asked asked, Mapping mapping, Step step) {
        var row = mapping.row();
        if (!asked.map().nonce().equals(row.nonce())) {
            step.refuse(asked.requestId(), NOT_AUTHORIZED, row.left(step.now));
        } else if (asked.map().lifetime().isDelete()) {
            erase(asked, mapping, step);
        } else if (asked.map().prefersFailure() && !asked.suggests(row.external())) {
            step.refuse(asked.requestId(), CANNOT_PROVIDE_EXTERNAL);
        } else {
            renew(asked, mapping, step);
        }
    }

    private void renew(Asked asked, Mapping before, Step step) {
        var after = new Mapping(
                asked.row(before.row().external(), policy.grant(asked.map().lifetime()), step.now), before.handle());
        state.table.put(after);
        step.add(new ServerEffect.Save(after.row()));
        state.unsaved.add(new Unsaved.Renewed(asked, before, after));
    }

    private void erase(Asked asked, Mapping mapping, Step step) {
        state.table.remove(mapping);
        var erasing = new Erasing(asked, mapping);
        state.unsaved.add(new Unsaved.Erased(state.begin(mapping.key(), erasing), erasing));
        step.add(new ServerEffect.Erase(mapping.key()));
    }

    private void absent(Asked asked, Step step) {
        if (asked.map().lifetime().isDelete()) {
            step.reply(asked.requestId(), asked.deleted(step.epoch));
        } else if (!state.quota.take(asked.subscriber())) {
            step.refuse(asked.requestId(), USER_EX_QUOTA);
        } else {
            var pending = state.begin(asked.key(), new AskingSubscriber(asked));
            Optional.ofNullable(state.subscribers.get(asked.subscriber()))
                    .ifPresentOrElse(
                            subscriber -> create(pending, asked, subscriber, step),
                            () -> state.call(pending, new CgnRoutine.GetSubscriber(asked.subscriber()), step));
        }
    }

    private void create(Pending pending, Asked asked, Subscriber subscriber, Step step) {
        var taken = takeExternal(asked, subscriber);
        if (taken.isEmpty()) {
            giveUp(pending, asked, asked.map().prefersFailure() ? CANNOT_PROVIDE_EXTERNAL : NO_RESOURCES, step);
            return;
        }
        pending.stage = new Creating(asked, taken.get());
        var wanted = new CgnMapping(subscriber.handle(), asked.map().protocol(), asked.internal(), taken.get());
        state.call(pending, new CgnRoutine.CreatePcpMapping(wanted), step);
    }

    /** A subscriber has one external address, so only the port is to be chosen. RFC 6888 REQ-2. */
    private Optional<Endpoint> takeExternal(Asked asked, Subscriber subscriber) {
        var map = asked.map();
        if (!map.prefersFailure()) {
            return state.pool.take(map.protocol(), subscriber.external(), map.suggestedPort(), random);
        }
        var wanted = new Endpoint(subscriber.external(), map.suggestedPort());
        boolean granted = asked.suggests(wanted) && state.pool.takeExactly(map.protocol(), wanted);
        return granted ? Optional.of(wanted) : Optional.empty();
    }

    private void giveUp(Pending pending, Asked asked, ResultCode result, Step step) {
        state.quota.giveBack(asked.subscriber());
        step.refuse(asked.requestId(), result);
        finish(pending, step);
    }

    private void cgnDone(long callId, CgnAnswer answer, Step step) {
        var pending = state.calls.remove(callId);
        if (pending == null) {
            return; // its subscriber was deleted meanwhile, and with it whatever the CGN made
        }
        switch (pending.stage) {
            case AskingSubscriber(var asked) -> subscriberKnown(pending, asked, answer, step);
            case Creating(var asked, var external) -> created(pending, asked, external, answer, step);
            case Ending(var asked, var mapping) -> ended(pending, asked, mapping, step);
            case Erasing _ -> throw new IllegalStateException("the CGN is not asked before the row is erased");
        }
        if (state.calls.isEmpty()) {
            state.deadHandles.clear();
        }
    }

    private void subscriberKnown(Pending pending, Asked asked, CgnAnswer answer, Step step) {
        if (answer instanceof CgnAnswer.Known(var subscriber)) {
            if (state.deadHandles.contains(subscriber.handle())) {
                state.call(pending, new CgnRoutine.GetSubscriber(asked.subscriber()), step);
                return;
            }
            state.subscribers.put(subscriber.id(), subscriber);
            create(pending, asked, subscriber, step);
        } else {
            giveUp(pending, asked, refusal(answer), step);
        }
    }

    private void created(Pending pending, Asked asked, Endpoint external, CgnAnswer answer, Step step) {
        if (answer instanceof CgnAnswer.Created(var handle)) {
            var row = asked.row(external, policy.grant(asked.map().lifetime()), step.now);
            var mapping = new Mapping(row, handle);
            state.table.put(mapping);
            step.add(new ServerEffect.Save(row));
            state.unsaved.add(new Unsaved.Added(asked, mapping));
            finish(pending, step);
        } else {
            state.pool.giveBack(asked.map().protocol(), external);
            giveUp(pending, asked, refusal(answer), step);
        }
    }

    private static ResultCode refusal(CgnAnswer answer) {
        return answer instanceof CgnAnswer.Failed(var error) ? refusal(error) : NO_RESOURCES;
    }

    private static ResultCode refusal(CgnError error) {
        return switch (error) {
            case NOT_AUTHORIZED -> ResultCode.NOT_AUTHORIZED;
            case QUOTA -> ResultCode.USER_EX_QUOTA;
            case NO_RESOURCES, OTHER_EXTERNAL_ADDRESS, BAD_EXTERNAL_ADDRESS, COLLISION, INVALID_ARGUMENT, INTERNAL ->
                NO_RESOURCES;
        };
    }

    private void ended(Pending pending, Optional<Asked> asked, Mapping mapping, Step step) {
        state.release(mapping);
        asked.ifPresent(request -> step.reply(request.requestId(), request.deleted(step.epoch)));
        finish(pending, step);
    }

    /** Lets those have their turn who came while this was under way. */
    private void finish(Pending pending, Step step) {
        state.pendings.remove(pending.key);
        pending.waiting().forEach(asked -> map(asked, step));
    }
}
