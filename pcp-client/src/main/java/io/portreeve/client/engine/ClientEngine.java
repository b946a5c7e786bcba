package io.portreeve.client.engine;

import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.engine.MappingState.ErrorWaitResend;
import io.portreeve.client.engine.MappingState.Mapped;
import io.portreeve.client.engine.MappingState.NotSent;
import io.portreeve.client.engine.MappingState.WaitResponse;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PeerResponse;
import io.portreeve.pcp.ResultCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The PCP client: mappings and their actions, and nothing of the world.
 *
 * <pre>
 *   applications --Want, Release-->  +--------------+  --Send--> server
 *   server -------Received-------->  | ClientEngine |  --Save--> store
 *   clock --------Due------------->  +--------------+  --Answer, Tell--> applications
 * </pre>
 *
 * Source: RFC 6887 sections 8, 11, 15.
 */
public final class ClientEngine {
    private final MappingTable table = new MappingTable();
    private final Map<MappingKey, List<Long>> waiting = new TreeMap<>(Mapping.ORDER);
    private final ServerSession session = new ServerSession();
    private final Lifecycle lifecycle;
    private final Supplier<MappingNonce> nonces;
    private final RandomGenerator random;

    /**
     * @param source the address requests leave from
     * @param restored what an earlier run stored, in state Mapped or NotSent
     */
    public ClientEngine(
            PcpAddress source,
            Collection<Mapping> restored,
            Supplier<MappingNonce> nonces,
            RandomGenerator random,
            MonoTime now) {
        this.lifecycle = new Lifecycle(source, Retransmission.RFC_6887, random);
        this.nonces = nonces;
        this.random = random;
        var restart = Recreation.atOnce(now);
        for (var mapping : restored) {
            table.put(
                    mapping,
                    mapping.state() instanceof Mapped(var grant)
                            ? lifecycle.renewal(grant, 0, grant.lastSent())
                            : restart.next());
        }
    }

    public MonoTime nextDue() {
        return table.nextDue();
    }

    /** {@return what must be done about {@code event}, in order} */
    public List<Effect> handle(ClientEvent event, MonoTime now) {
        return switch (event) {
            case ClientEvent.Want(long ticket, var request) -> want(ticket, request, now);
            case ClientEvent.Release(long ticket, var owner, var key) -> release(ticket, owner, key, now);
            case ClientEvent.ListMappings(long ticket) ->
                List.of(new Effect.Listing(
                        ticket,
                        table.all().stream()
                                .filter(Mapping::isWanted)
                                .map(it -> it.view(now))
                                .toList()));
            case ClientEvent.Received(MapResponse response) -> received(response, now);
            case ClientEvent.Received(AnnounceResponse response) -> observe(response.epoch(), Optional.empty(), now);
            case ClientEvent.Received(PeerResponse _) -> List.of(); // never asked for
            case ClientEvent.Received(GetResponse _) -> List.of();
            case ClientEvent.OtherVersion _ -> otherVersion(now);
            case ClientEvent.Unreachable() -> unreachable();
            case ClientEvent.Due() -> due(now);
        };
    }

    private List<Effect> want(long ticket, MappingRequest request, MonoTime now) {
        var before = table.get(request.key());
        if (before.isPresent() && !before.get().owner().equals(request.owner())) {
            return answer(ticket, new MappingOutcome.HeldByOther(before.get().owner()));
        }
        var wanted = new Wanted.Kept(request.external(), request.lifetime());
        if (before.isPresent()
                && before.get().wanted().equals(wanted)
                && before.get().state() instanceof ErrorWaitResend(int result, var _, var retryAt)
                && now.isBefore(retryAt)) {
            return answer(ticket, new MappingOutcome.Refused(result, Lifetime.of(now.until(retryAt))));
        }
        var mapping = before.map(it -> rewritten(it, wanted))
                .orElseGet(() -> new Mapping(
                        request.key(), request.owner(), nonces.get(), wanted, Optional.empty(), false, new NotSent()));
        waiting.computeIfAbsent(request.key(), _ -> new ArrayList<>()).add(ticket);
        return take(new Effect.Save(mapping), lifecycle.ask(mapping, now));
    }

    /** An endpoint granted earlier is suggested again, unless another port is wanted now. */
    private static Mapping rewritten(Mapping before, Wanted.Kept wanted) {
        int port = wanted.external().suggestedPort();
        var external = before.lastExternal().filter(it -> port == 0 || port == it.port());
        return new Mapping(
                before.key(), before.owner(), before.nonce(), wanted, external, before.traced(), before.state());
    }

    private List<Effect> release(long ticket, String owner, MappingKey key, MonoTime now) {
        var before = table.get(key);
        if (before.isEmpty()) {
            return answer(ticket, new MappingOutcome.Released());
        }
        if (!before.get().owner().equals(owner)) {
            return answer(ticket, new MappingOutcome.HeldByOther(before.get().owner()));
        }
        var effects = new ArrayList<Effect>();
        if (before.get().isWanted()) { // those who wait, wait for what is given up now
            effects.addAll(told(key, new MappingOutcome.Released()));
        }
        waiting.computeIfAbsent(key, _ -> new ArrayList<>()).add(ticket);
        if (before.get().mayExist()) {
            var gone = before.get().with(new Wanted.Gone(endOf(before.get(), now)));
            effects.addAll(take(new Effect.Save(gone), lifecycle.ask(gone, now)));
        } else {
            effects.addAll(apply(key, Step.forgotten(before.get(), new MappingOutcome.Released())));
        }
        return effects;
    }

    /** {@return when the server has forgotten {@code mapping} at the latest} */
    private static MonoTime endOf(Mapping mapping, MonoTime now) {
        return switch (mapping.wanted()) {
            case Wanted.Gone(var until) -> until;
            case Wanted.Kept(var _, var lifetime) -> endOf(mapping.state(), now.plus(lifetime.sane()));
        };
    }

    /** @param asked when the mapping ends if what was asked last is granted, or was, and the answer lost */
    private static MonoTime endOf(MappingState state, MonoTime asked) {
        return state.holding()
                .map(Grant::expiry)
                .filter(held -> state instanceof Mapped || held.isAfter(asked))
                .orElse(asked);
    }

    private List<Effect> received(MapResponse response, MonoTime now) {
        var effects = new ArrayList<Effect>();
        matching(response).ifPresent(mapping -> {
            effects.addAll(observe(response.epoch(), Optional.of(mapping.key()), now));
            lifecycle.onResponse(mapping, response, now).ifPresent(step -> effects.addAll(answered(mapping, step)));
        });
        return effects;
    }

    private List<Effect> answered(Mapping before, Step step) {
        var effects = new ArrayList<Effect>();
        if (!waiting.containsKey(before.key())) {
            unasked(before, step).map(Effect.Tell::new).ifPresent(effects::add);
        }
        effects.addAll(apply(before.key(), step));
        return effects;
    }

    /** What is new, and no answer to anybody, is told to all. */
    private static Optional<MappingEvent> unasked(Mapping before, Step step) {
        var held = before.state().holding().map(Grant::external);
        return step.outcome().flatMap(outcome -> switch (outcome) {
            case MappingOutcome.Granted(var external, var _) ->
                Optional.of(external)
                        .filter(it -> !held.equals(Optional.of(it)))
                        .map(it -> new MappingEvent.Granted(before.key(), it));
            case MappingOutcome.Refused _ ->
                Optional.of(before)
                        .filter(it -> it.isWanted() && held.isEmpty() && it.state() instanceof WaitResponse)
                        .map(it -> new MappingEvent.Lost(it.key()));
            case MappingOutcome.Unreachable(), MappingOutcome.HeldByOther _, MappingOutcome.Released() ->
                Optional.empty();
        });
    }

    /** {@return the mapping {@code response} is about: internal side, family and nonce are compared, nothing else} */
    private Optional<Mapping> matching(MapResponse response) {
        if (response.internalPort() == 0) {
            return Optional.empty();
        }
        var key = new MappingKey(
                response.thirdParty(),
                response.protocol(),
                response.internalPort(),
                response.assignedAddress().anyOfFamily());
        return table.get(key).filter(mapping -> mapping.nonce().equals(response.nonce()));
    }

    /** If the server has lost its state, all mappings are asked for again, but {@code answered}, which it knows. */
    private List<Effect> observe(EpochTime epoch, Optional<MappingKey> answered, MonoTime now) {
        if (session.observe(epoch, now)) {
            return List.of();
        }
        var recreation = Recreation.afterLoss(now, random);
        for (var mapping : List.copyOf(table.all())) {
            boolean known = answered.equals(Optional.of(mapping.key()));
            if (!known && mapping.isWanted() && mapping.state().holding().isPresent()) {
                recreate(mapping, recreation);
            }
        }
        return List.of();
    }

    private void recreate(Mapping mapping, Recreation recreation) {
        if (mapping.state() instanceof WaitResponse waiting) {
            table.put(mapping.with(waiting.holdingNothing()), waiting.resendAt());
        } else {
            table.put(mapping.with(new NotSent()), recreation.next());
        }
    }

    private List<Effect> otherVersion(MonoTime now) {
        var effects = new ArrayList<Effect>();
        for (var mapping : List.copyOf(table.all())) {
            if (mapping.state() instanceof WaitResponse) {
                var refused = lifecycle.refused(
                        mapping,
                        ResultCode.UNSUPP_VERSION.value(),
                        ResultCode.UNSUPP_VERSION.recommendedLifetime(),
                        now);
                effects.addAll(answered(mapping, refused));
            }
        }
        return effects;
    }

    /** Those who wait hear it at once; retransmission goes on as scheduled, because the message may be forged. */
    private List<Effect> unreachable() {
        var effects = new ArrayList<Effect>();
        for (var key : List.copyOf(waiting.keySet())) {
            effects.addAll(told(key, new MappingOutcome.Unreachable()));
        }
        return effects;
    }

    private List<Effect> due(MonoTime now) {
        var effects = new ArrayList<Effect>();
        for (var mapping : table.due(now)) {
            effects.addAll(apply(mapping.key(), lifecycle.onDue(mapping, now)));
        }
        return effects;
    }

    private List<Effect> take(Effect first, Step step) {
        var effects = new ArrayList<Effect>(List.of(first));
        effects.addAll(apply(step.mapping().orElseThrow().key(), step));
        return effects;
    }

    private List<Effect> apply(MappingKey key, Step step) {
        step.mapping().ifPresentOrElse(mapping -> table.put(mapping, step.due()), () -> table.remove(key));
        var effects = new ArrayList<>(step.effects());
        step.outcome().ifPresent(outcome -> effects.addAll(told(key, outcome)));
        return effects;
    }

    private List<Effect> told(MappingKey key, MappingOutcome outcome) {
        var tickets = waiting.remove(key);
        return tickets == null
                ? List.of()
                : tickets.stream()
                        .<Effect>map(ticket -> new Effect.Answer(ticket, outcome))
                        .toList();
    }

    private static List<Effect> answer(long ticket, MappingOutcome outcome) {
        return List.of(new Effect.Answer(ticket, outcome));
    }
}
