package io.portreeve.server.engine;

import static io.portreeve.pcp.ResultCode.NETWORK_FAILURE;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.engine.ServerEvent.AddStatic;
import io.portreeve.server.engine.ServerEvent.Asks;
import io.portreeve.server.engine.ServerEvent.CgnAlive;
import io.portreeve.server.engine.ServerEvent.CgnDone;
import io.portreeve.server.engine.ServerEvent.Clear;
import io.portreeve.server.engine.ServerEvent.ClearOf;
import io.portreeve.server.engine.ServerEvent.Due;
import io.portreeve.server.engine.ServerEvent.LeaseEnded;
import io.portreeve.server.engine.ServerEvent.ListMappings;
import io.portreeve.server.engine.ServerEvent.NotSaved;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerEvent.ReceivedNatPmp;
import io.portreeve.server.engine.ServerEvent.Refused;
import io.portreeve.server.engine.ServerEvent.RefusedNatPmp;
import io.portreeve.server.engine.ServerEvent.Renumber;
import io.portreeve.server.engine.ServerEvent.Saved;
import io.portreeve.server.engine.ServerEvent.Scarce;
import io.portreeve.server.engine.ServerEvent.StateLost;
import io.portreeve.server.engine.ServerEvent.SubscriberDeleted;
import io.portreeve.server.engine.Terms.Origin;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What a PCP server does about each event. It decides; the CGN and the store do, and no client hears of success before both
 * have done it. Source: RFC 6887.
 */
public final class ServerEngine {
    private final ServerState state;
    private final RateLimit requests;
    private final RequestChecks checks;
    private final ExplicitMappings mappings;
    private final Peers peers;
    private final Retrieval retrieval;
    private final NatPmp natPmp;
    private final Commit commit;
    private final Departures departures;
    private final Administration administration;
    private final Renumbering renumbering;
    private final Announcer announcer;
    private final Grants grants;

    /**
     * @param pool without the ports of {@code restored}
     * @param random chooses external ports; they must not be guessable
     */
    public ServerEngine(
            ServerPolicy policy, ServerEpoch epoch, ExternalPool pool, RestoredState restored, RandomGenerator random) {
        state = new ServerState(policy, new Epochs(epoch, restored.epochs()), pool, restored);
        requests = new RateLimit(policy.rates().requests());
        grants = new Grants(state);
        checks = new RequestChecks(state, grants);
        var work = new Work(state, this::resume);
        var creation = new Creation(state, random);
        var traffic = new Traffic(state);
        var newMappings = new NewMappings(state, work, grants, creation, traffic);
        announcer = new Announcer(state);
        mappings = new ExplicitMappings(state, work, grants, traffic, newMappings);
        renumbering = new Renumbering(state, work, creation, announcer, random);
        peers = new Peers(state, work, traffic);
        retrieval = new Retrieval(state);
        natPmp = new NatPmp(state, work, grants, mappings, this::map);
        commit = new Commit(state, mappings, grants, peers, this::resume);
        departures = new Departures(state, mappings, peers, renumbering);
        administration = new Administration(state, work, departures, announcer);
    }

    public MonoTime nextDue() {
        return state.nextDue().earlier(peers.nextDue()).earlier(announcer.nextDue());
    }

    /** {@return what must be done about {@code event}, in order} */
    public List<ServerEffect> handle(ServerEvent event, MonoTime now) {
        var step = new Step(now);
        switch (event) {
            case Asks asks when !mayAsk(asks, now) -> step.add(new ServerEffect.Ignore(asks.requestId()));
            case Received(long id, var client, AnnounceRequest announce) -> announce(id, client, announce, step);
            case Received(long id, var client, MapRequest map) -> map(new Asked(id, client, map, Origin.PCP), step);
            case Received(long id, var client, PeerRequest peer) -> peer(new PeerAsked(id, client, peer), step);
            case Received(long id, var client, GetRequest get) -> get(new Retrieval.Got(id, client, get), step);
            case Refused(long id, var client, var result) -> refuse(id, client, result, step);
            case ReceivedNatPmp(long id, var client, var request) -> natPmp.received(id, client, request, step);
            case RefusedNatPmp(long id, var client, var result) -> natPmp.refused(id, client, result, step);
            case CgnAlive(var until) -> state.cgnAliveUntil = until;
            case CgnDone(long call, var answer) -> state.calls.answered(call, answer, step);
            case SubscriberDeleted(var handle) -> departures.subscriberDeleted(handle, step);
            case AddStatic(long id, var subscriber, var protocol, var internal, var external) ->
                administration.addStatic(
                        new Administration.Wanted(
                                id,
                                new MappingKey(subscriber, protocol, internal, Family.of(external.address())),
                                external),
                        step);
            case Renumber(long id, var subscriber, var external) -> renumbering.expect(id, subscriber, external, step);
            case Clear() -> administration.clear(step);
            case ClearOf(var subscriber) -> administration.clear(subscriber, step);
            case LeaseEnded(var address) -> departures.leaseEnded(address, step);
            case StateLost() -> announcer.announceToAll(Announcer.clientsOf(state.living()), step);
            case ListMappings(long id) -> step.add(new ServerEffect.Listing(id, state.views(now)));
            case Scarce scarce -> state.makeScarce(scarce);
            case Saved() -> commit.saved(step);
            case NotSaved() -> commit.notSaved(step);
            case Due() -> due(step);
        }
        return step.effects();
    }

    private boolean mayAsk(Asks asks, MonoTime now) {
        return checks.isForUs(asks) && requests.take(asks.client().subscriber(), now);
    }

    private void due(Step step) {
        state.calls.giveUpOverdue(step);
        departures.due(step);
        peers.due(step);
        announcer.due(step);
        state.updates.due(step);
    }

    private void refuse(long id, Client client, ResultCode result, Step step) {
        var epoch = state.epochs.of(client.subscriber(), step.now);
        step.add(new ServerEffect.Refuse(id, result, RequestChecks.lifetimeOf(result), epoch));
    }

    private void announce(long id, Client client, AnnounceRequest request, Step step) {
        var refusal = checks.refusal(request, client);
        if (refusal.isPresent()) {
            refuse(id, client, refusal.get(), step);
            return;
        }
        var epoch = state.epochs.of(client.subscriber(), step.now);
        var answer = new AnnounceResponse(ResultCode.SUCCESS.value(), epoch, grants.ofAnnounce(request));
        step.add(new ServerEffect.Reply(id, answer));
    }

    private void map(Asked asked, Step step) {
        check(asked, checks.refusal(asked), step, () -> ofCgn(asked, step));
    }

    /** A CGN that is not there may have dropped what it had: nothing is granted or renewed that might not exist. */
    private void ofCgn(Asked asked, Step step) {
        if (asked.map().lifetime().isDelete() || state.isCgnThere(step)) {
            mappings.map(asked, step);
        } else {
            state.refuse(asked, NETWORK_FAILURE, step);
        }
    }

    private void peer(PeerAsked asked, Step step) {
        check(asked, checks.refusal(asked.peer(), asked.client()), step, () -> ofCgn(asked, step));
    }

    private void ofCgn(PeerAsked asked, Step step) {
        if (state.isCgnThere(step)) {
            peers.peer(asked, step);
        } else {
            state.refuse(asked, NETWORK_FAILURE, step);
        }
    }

    private void get(Retrieval.Got got, Step step) {
        check(got, checks.refusal(got.get(), got.client()), step, () -> retrieval.get(got, step));
    }

    private void check(Asker asker, Optional<ResultCode> refusal, Step step, Runnable next) {
        refusal.ifPresentOrElse(result -> state.refuse(asker, result, RequestChecks.lifetimeOf(result), step), next);
    }

    /** Nothing was wrong with it when it came. */
    private void resume(Asker asker, Step step) {
        switch (asker) {
            case Asked asked when NatPmp.isForAll(asked) -> natPmp.deleteAll(asked, step);
            case Asked asked -> ofCgn(asked, step);
            case PeerAsked asked -> ofCgn(asked, step);
            case Administration.Wanted wanted -> administration.addStatic(wanted, step);
            case Retrieval.Got got -> retrieval.get(got, step);
            case NatPmp.AddressAsked asked -> natPmp.address(asked, step);
            default -> state.refuse(asker, NO_RESOURCES, step);
        }
    }
}
