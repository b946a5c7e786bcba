package io.portreeve.client.engine;

import io.portreeve.client.AuditReport;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.ServerAddress;
import io.portreeve.client.ServerView;
import io.portreeve.client.engine.MappingState.ErrorWaitResend;
import io.portreeve.client.engine.MappingState.Mapped;
import io.portreeve.client.engine.MappingState.NotSent;
import io.portreeve.client.engine.MappingState.WaitResponse;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.ResultCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** What one server is asked, and what is known of it. No result of one server says anything of another. RFC 7488 section 4. */
final class ServerSession {
    private static final int TRANSMISSIONS_TO_EACH_ADDRESS = 4;
    private static final int NAT_PMP = 0;
    private static final Duration BETWEEN_ROUNDS = Duration.ofMinutes(15);
    private static final Duration FIRST_RT = Retransmission.RFC_6887.irt();

    private final String name;
    private final ServerAddresses addresses = new ServerAddresses();
    private final MappingTable table = new MappingTable();
    private final Waiters waiters;
    private final Lifecycle lifecycle;
    private final HoldOffs holds = new HoldOffs();
    private final Capabilities capabilities = new Capabilities();
    private final Supplier<MappingNonce> nonces;
    private final RandomGenerator random;
    private final ClientPolicy policy;
    private final Auditing auditing;
    private final NatPmpFallback natPmp = new NatPmpFallback(table, new OfNatPmp());
    private Optional<EpochObservation> last = Optional.empty();
    private Optional<MappingNonce> itsNonce = Optional.empty();
    private MonoTime claimed = MonoTime.START;
    private boolean isResting;
    private boolean isRestored;

    /** What applications take to be there, as far as they have been told. */
    private final Set<MappingKey> reliedOn = new HashSet<>();

    /** A session with a server that is not there: what is wanted is kept until it is. */
    ServerSession(
            String name, ClientPolicy policy, Waiters waiters, Supplier<MappingNonce> nonces, RandomGenerator random) {
        this.policy = policy;
        this.name = name;
        this.waiters = waiters;
        this.nonces = nonces;
        this.random = random;
        auditing = new Auditing(name, capabilities, random);
        lifecycle = new Lifecycle(this::sending, Retransmission.RFC_6887, random);
    }

    private Effect sending(Mapping wanted, MonoTime now) {
        var mapping = asAskedFor(wanted, now);
        var server = addresses.current();
        return addresses
                .source()
                .<Effect>map(source -> new Effect.Send(server, mapping.request(source)))
                .orElseGet(() -> new Effect.Connect(server));
    }

    private Mapping asAskedFor(Mapping wanted, MonoTime now) {
        return now.isBefore(policy.settled()) ? wanted.atMost(ClientPolicy.BRIEF) : wanted;
    }

    /** Takes up what an earlier run stored. */
    void restore(Mapping mapping) {
        isRestored = true;
        table.put(mapping, idleUntil(mapping));
        reliedOn.add(mapping.key());
    }

    /** {@return when {@code mapping} is of no use any more, though its server is not there} */
    private static MonoTime idleUntil(Mapping mapping) {
        return mapping.isWanted() ? MonoTime.NEVER : mapping.knownUntil();
    }

    String name() {
        return name;
    }

    boolean isPresent() {
        return !addresses.isNone();
    }

    MonoTime nextDue() {
        var due = table.nextDue().earlier(natPmp.nextDue());
        return isReachable() ? due.earlier(auditing.nextDue()) : due;
    }

    private boolean isReachable() {
        return isPresent() && addresses.source().isPresent();
    }

    Collection<Mapping> mappings() {
        return table.all();
    }

    Optional<Mapping> get(MappingKey key) {
        return table.get(key);
    }

    boolean uses(ServerAddress server) {
        return addresses.isCurrent(server);
    }

    ServerView view(MonoTime now) {
        var address = isPresent() ? Optional.of(addresses.current()) : Optional.<ServerAddress>empty();
        var source = isPresent() ? addresses.source() : Optional.<PcpAddress>empty();
        return new ServerView(
                name, address, source, capabilities.withoutOptions(), capabilities.isFull(now) || holds.isFull(now));
    }

    // ---- what applications want

    List<Effect> want(MappingRequest request, MonoTime now) {
        var before = table.get(request.key());
        var wanted = wanted(request, before, now);
        if (before.isPresent()
                && before.get().wanted().equals(wanted)
                && before.get().state() instanceof ErrorWaitResend(int result, var _, var retryAt)
                && now.isBefore(retryAt)) {
            return told(request.key(), new MappingOutcome.Refused(result, Lifetime.of(now.until(retryAt))));
        }
        var mapping = before.map(it -> rewritten(it, wanted, request.owner()))
                .orElseGet(() -> new Mapping(
                        name,
                        request.key(),
                        request.owner(),
                        nonce(request.key()),
                        wanted,
                        Optional.empty(),
                        MonoTime.START,
                        new NotSent()));
        return take(new Effect.Save(mapping), ask(mapping, now));
    }

    /** The filters that a mapping has, or may have, go when others are wanted. */
    private static Wanted.Kept wanted(MappingRequest request, Optional<Mapping> before, MonoTime now) {
        var terms = request.terms();
        boolean refilters = before.filter(it -> it.mayExist(now) && it.mayHaveFilters())
                .filter(it -> !(it.wanted() instanceof Wanted.Kept kept
                        && kept.terms().filters().equals(terms.filters())
                        && !kept.refilters()))
                .isPresent();
        return new Wanted.Kept(request.external(), request.lifetime(), terms, refilters);
    }

    /** One internal side has one nonce, whatever families its external ones are of: a server may refuse another. */
    private MappingNonce nonce(MappingKey key) {
        return table.get(key.twin())
                .map(Mapping::nonce)
                .orElseGet(() -> policy.claims().isPresent() ? itsNonce() : nonces.get());
    }

    /** A server lists what it is shown the nonce of, so all mappings have one where lists are asked for. */
    private MappingNonce itsNonce() {
        var nonce = itsNonce.or(() -> table.all().stream().map(Mapping::nonce).findFirst())
                .orElseGet(nonces);
        itsNonce = Optional.of(nonce);
        return nonce;
    }

    /** An endpoint granted earlier is suggested again, unless another port is wanted now. */
    private static Mapping rewritten(Mapping before, Wanted.Kept wanted, String owner) {
        int port = wanted.external().suggestedPort();
        var external = before.lastExternal().filter(it -> port == 0 || port == it.port());
        return new Mapping(
                before.server(),
                before.key(),
                owner,
                before.nonce(),
                wanted,
                external,
                before.knownUntil(),
                before.state());
    }

    private Step ask(Mapping mapping, MonoTime now) {
        if (addresses.isNone()) {
            return Step.to(mapping, idleUntil(mapping)).telling(new MappingOutcome.Unreachable());
        }
        return refusal(mapping, now)
                .map(known -> postponed(mapping, known, now).telling(known.outcome(now)))
                .orElseGet(() -> lifecycle.ask(mapping, now));
    }

    /** {@return what the server would say, as far as it has said it before} */
    private Optional<KnownRefusal> refusal(Mapping mapping, MonoTime now) {
        var until = holds.until(mapping);
        return now.isBefore(until)
                ? Optional.of(new KnownRefusal(ResultCode.NO_RESOURCES.value(), until))
                : addresses.source().flatMap(source -> capabilities.refusal(mapping.request(source), now));
    }

    private Step postponed(Mapping mapping, KnownRefusal known, MonoTime now) {
        return lifecycle.postponed(mapping, known.result(), known.until(), now);
    }

    /** Asks for what is wanted at another server, or was until that one was none of ours any more. */
    List<Effect> adopt(Collection<Mapping> others, MonoTime now) {
        var effects = new ArrayList<Effect>();
        var start = Recreation.atOnce(now);
        for (var other : others) {
            var its = table.get(other.key());
            if (its.filter(Mapping::isWanted).isEmpty()) {
                var mapping =
                        its.map(it -> it.with(other.wanted())).orElseGet(() -> other.at(name, nonce(other.key())));
                askAgain(mapping, start);
                effects.add(new Effect.Save(mapping));
            }
        }
        return effects;
    }

    /**
     * The server is none of ours any more. It may come back while it still has what it granted.
     *
     * @param wanted true if no other server is asked for what is wanted here
     */
    List<Effect> leave(boolean wanted, MonoTime now) {
        addresses.replace(List.of());
        auditing.abandon();
        natPmp.forget();
        var effects = new ArrayList<Effect>(waiters.tellOf(name, new MappingOutcome.Unreachable()));
        for (var mapping : List.copyOf(table.all())) {
            if (wanted || !mapping.isWanted()) {
                table.put(mapping, idleUntil(mapping));
            } else {
                effects.addAll(apply(mapping.key(), left(mapping, now)));
            }
        }
        return effects;
    }

    private static Step left(Mapping mapping, MonoTime now) {
        if (!mapping.mayExist(now) || mapping.key().remotePeer().isPresent()) {
            return Step.forgotten(mapping, new MappingOutcome.Released());
        }
        var gone = mapping.with(new Wanted.Gone(mapping.ports(), mapping.mayHaveFilters()));
        return Step.to(gone, idleUntil(gone), new Effect.Save(gone));
    }

    List<Effect> release(MappingKey key, MonoTime now) {
        var mapping = table.get(key).orElseThrow();
        if (!mapping.mayExist(now) || key.remotePeer().isPresent()) { // PEER cannot delete: RFC 6887 section 12.1
            return apply(key, Step.forgotten(mapping, new MappingOutcome.Released()));
        }
        var gone = mapping.with(new Wanted.Gone(mapping.ports(), mapping.mayHaveFilters()));
        return take(new Effect.Save(gone), ask(gone, now));
    }

    // ---- what the server says

    List<Effect> received(Said said, MonoTime now) {
        var effects = new ArrayList<Effect>();
        matching(said).ifPresent(mapping -> {
            observe(said.epoch(), Optional.of(mapping.key()), now);
            learn(mapping, said, now);
            lifecycle.onResponse(mapping, said, now).ifPresent(step -> effects.addAll(answered(mapping, step)));
        });
        return effects;
    }

    private void learn(Mapping mapping, Said response, MonoTime now) {
        if (!response.isSuccess()) {
            var hold = Lifecycle.hold(response.lifetime());
            holds.refused(mapping, response.result(), hold, now);
            addresses
                    .source()
                    .ifPresent(source -> capabilities.refused(mapping.request(source), response.result(), hold, now));
        } else if (mapping.isWanted()) {
            holds.granted(now);
            capabilities.granted();
        }
    }

    private List<Effect> answered(Mapping before, Step step) {
        var effects = new ArrayList<Effect>();
        if (!waiters.isAwaited(name, before.key())) {
            unasked(before, step).map(Effect.Tell::new).ifPresent(effects::add);
        }
        effects.addAll(apply(before.key(), step));
        return effects;
    }

    /** What is new, and no answer to anybody, is told to all. */
    private Optional<MappingEvent> unasked(Mapping before, Step step) {
        var held = before.state().holding().map(Grant::external);
        return step.outcome().flatMap(outcome -> switch (outcome) {
            case MappingOutcome.Granted(var external, var _, int _) ->
                Optional.of(external)
                        .filter(it -> !held.equals(Optional.of(it)))
                        .map(it -> new MappingEvent.Granted(before.key(), it));
            case MappingOutcome.Refused _ ->
                Optional.of(before)
                        .filter(it -> held.isEmpty() && reliedOn.contains(it.key()))
                        .map(it -> new MappingEvent.Lost(it.key()));
            case MappingOutcome.Unreachable(), MappingOutcome.HeldByOther _, MappingOutcome.Released() ->
                Optional.empty();
        });
    }

    /** {@return the mapping {@code said} is about: internal side, family, peer and nonce are compared, nothing else} */
    private Optional<Mapping> matching(Said said) {
        return table.get(said.key())
                .or(() -> addresses
                        .source()
                        .flatMap(source -> table.get(said.key().of(source))))
                .filter(mapping -> mapping.nonce().equals(said.nonce()));
    }

    /** What a server says unasked is no error of anything. RFC 6887 section 14.1.3. */
    List<Effect> announced(AnnounceResponse response, MonoTime now) {
        if (response.result() == ResultCode.SUCCESS.value()) {
            observe(response.epoch(), Optional.empty(), now);
        }
        return List.of();
    }

    // ---- what the server has

    /** Asks the server what it has, unless that is under way, or is not to be asked. */
    void audit(MonoTime start) {
        if (policy.claims().isEmpty() || auditing.isUnderWay() || !isPresent()) {
            return;
        }
        var hosts = new LinkedHashSet<Optional<PcpAddress>>(List.of(Optional.empty()));
        table.all().stream()
                .filter(it -> it.key().remotePeer().isEmpty())
                .forEach(it -> hosts.add(it.key().thirdParty()));
        var books = new Reconciliation(name, table, lifecycle, this::answered, Recreation.atOnce(start), claimed);
        auditing.begin(hosts, itsNonce(), books, start);
    }

    boolean isAuditing() {
        return auditing.isUnderWay();
    }

    Optional<AuditReport> auditReport() {
        return auditing.report();
    }

    List<Effect> listed(GetResponse response, MonoTime now) {
        if (!auditing.isFor(response)) {
            return List.of();
        }
        observe(response.epoch(), Optional.empty(), now);
        return auditing.isUnderWay()
                ? auditing.take(response, addresses.source().orElseThrow(), now)
                : List.of();
    }

    /** If the server has lost its state, all mappings are asked for again, but {@code answered}, which it knows. */
    private void observe(EpochTime epoch, Optional<MappingKey> answered, MonoTime now) {
        var next = new EpochObservation(epoch.seconds(), now.seconds());
        boolean follows = last.map(before -> before.admits(next)).orElse(true);
        last = Optional.of(next);
        if (!follows) {
            recreateAll(answered, now);
        }
    }

    private void recreateAll(Optional<MappingKey> answered, MonoTime now) {
        auditing.abandon();
        recreate(
                mapping -> mapping.isWanted()
                        && mapping.state().holding().isPresent()
                        && !answered.equals(Optional.of(mapping.key())),
                Recreation.afterLoss(now, random));
    }

    private void recreate(Predicate<Mapping> which, Recreation recreation) {
        for (var mapping : List.copyOf(table.all())) {
            if (which.test(mapping)) {
                recreate(mapping, recreation);
            }
        }
    }

    private void recreate(Mapping mapping, Recreation recreation) {
        if (mapping.state() instanceof WaitResponse waiting) {
            table.put(mapping.with(waiting.holdingNothing()), waiting.resendAt());
        } else {
            table.put(mapping.with(new NotSent()), recreation.next());
        }
    }

    /** A server of version 0 is asked by NAT-PMP for what that can do; all else is refused. */
    List<Effect> otherVersion(int version, Lifetime errorLifetime, MonoTime now) {
        if (version == PcpMessage.VERSION && natPmp.mayBeAnswered(now)) {
            natPmp.end(); // it was this that it does not understand
            return List.of();
        }
        var effects = new ArrayList<Effect>(version == NAT_PMP ? natPmp.begin(now) : List.of());
        for (var mapping : List.copyOf(table.all())) {
            if (mapping.state() instanceof WaitResponse && !natPmp.asksFor(mapping.key())) {
                effects.addAll(refused(mapping, ResultCode.UNSUPP_VERSION, errorLifetime, now));
            }
        }
        return effects;
    }

    private List<Effect> refused(Mapping mapping, ResultCode error, Lifetime errorLifetime, MonoTime now) {
        return answered(mapping, lifecycle.refused(mapping, error.value(), errorLifetime, now));
    }

    NatPmpFallback natPmp() {
        return natPmp;
    }

    /** What is asked for by NAT-PMP is what PCP would ask for, and becomes what PCP would have made of it. */
    private final class OfNatPmp implements NatPmpFallback.Session {
        @Override
        public ServerAddress server() {
            return addresses.current();
        }

        @Override
        public Optional<PcpRequest> request(Mapping mapping, MonoTime now) {
            return addresses.source().map(source -> asAskedFor(mapping, now).request(source));
        }

        @Override
        public List<Effect> said(Mapping mapping, Said said, MonoTime now) {
            return lifecycle
                    .onResponse(mapping, said, now)
                    .map(step -> answered(mapping, step))
                    .orElse(List.of());
        }

        @Override
        public List<Effect> refused(Mapping mapping, NatPmpTranslation.Refusal refusal, MonoTime now) {
            return ServerSession.this.refused(mapping, refusal.error(), refusal.lifetime(), now);
        }

        @Override
        public void lost(Optional<MappingKey> answered, MonoTime now) {
            recreateAll(answered, now);
        }
    }

    // ---- the way to the server

    /** Who could not be reached may be reached now; but no sooner than a first retransmission would be sent. */
    List<Effect> networkChanged(MonoTime now) {
        var start = Recreation.atOnce(now);
        for (var mapping : List.copyOf(table.all())) {
            if (mapping.state() instanceof WaitResponse waiting) {
                var at = start.nextFrom(waiting.earliest());
                if (at.isBefore(waiting.resendAt())) {
                    resend(mapping, waiting, at);
                }
            }
        }
        if (isResting) {
            isResting = false;
            again(mapping -> mapping.state() instanceof NotSent, now.plus(FIRST_RT));
        }
        return List.of(new Effect.Connect(addresses.current()));
    }

    /** Whoever is known by another address than before has none of its mappings there any more. */
    List<Effect> connected(ServerAddress server, PcpAddress source, MonoTime now) {
        var before = addresses.connected(server, source);
        if (before.isEmpty()) {
            sendWhatWaits(now);
        } else if (!before.get().equals(source)) {
            startAnew(now);
        }
        return List.of();
    }

    /** Applications do not wait for each other. */
    private void sendWhatWaits(MonoTime now) {
        var start = Recreation.atOnce(now);
        for (var mapping : List.copyOf(table.all())) {
            if (mapping.state() instanceof WaitResponse) {
                table.put(mapping.with(new NotSent()), waiters.isAwaited(name, mapping.key()) ? now : start.next());
            }
        }
    }

    /** What was held is not held where requests come from, or go to, now. */
    private void startAnew(MonoTime from) {
        auditing.abandon();
        last = Optional.empty();
        natPmp.forget();
        holds.forget();
        capabilities.forget();
        again(_ -> true, from);
    }

    private void again(Predicate<Mapping> which, MonoTime from) {
        var start = Recreation.atOnce(from);
        for (var mapping : List.copyOf(table.all())) {
            if (which.test(mapping)) {
                table.put(mapping.with(new NotSent()), start.next());
            }
        }
    }

    /** The server is there, or found elsewhere, or there are more ways to it. */
    List<Effect> at(List<ServerAddress> those, MonoTime now) {
        boolean wasAway = addresses.isNone();
        boolean isElsewhere = addresses.replace(those);
        if (wasAway) {
            takeUp(now);
        } else if (isElsewhere) {
            startAnew(now);
        }
        return isElsewhere ? List.of(new Effect.Connect(addresses.current())) : List.of();
    }

    private List<Effect> wayThere() {
        return addresses.source().isPresent() ? List.of() : List.of(new Effect.Connect(addresses.current()));
    }

    private void takeUp(MonoTime now) {
        var start = isRestored ? Recreation.afterStart(now, policy, random) : Recreation.atOnce(now);
        if (isRestored) {
            policy.claims().ifPresent(time -> {
                claimed = now.plus(time);
                audit(start.next());
            });
        }
        isRestored = false;
        for (var mapping : List.copyOf(table.all())) {
            var held = mapping.state().holding().filter(grant -> mapping.isWanted() && !grant.isOver(now));
            if (held.isPresent() && !(mapping.state() instanceof WaitResponse)) {
                var grant = held.get();
                table.put(mapping.with(new Mapped(grant)), lifecycle.renewal(grant, 0, grant.lastSent()));
            } else {
                askAgain(mapping, start);
            }
        }
    }

    /** A server may come and go faster than it answers; it is asked no sooner than if it had stayed. */
    private void askAgain(Mapping mapping, Recreation start) {
        if (mapping.state() instanceof WaitResponse waiting) {
            resend(mapping, waiting, start.nextFrom(waiting.earliest()));
        } else {
            table.put(mapping.with(new NotSent()), start.next());
        }
    }

    private void resend(Mapping mapping, WaitResponse waiting, MonoTime at) {
        var again = waiting.resentAt(at);
        table.put(mapping.with(again), again.due());
    }

    /** Those who wait hear it at once; retransmission goes on as scheduled, because the message may be forged. */
    List<Effect> unreachable(MonoTime now) {
        if (addresses.areSeveral()) {
            return nextAddress(now);
        }
        natPmp.end();
        return waiters.tellOf(name, new MappingOutcome.Unreachable());
    }

    /** What was granted there is there still: it is the same server. */
    private List<Effect> nextAddress(MonoTime now) {
        last = Optional.empty();
        natPmp.forget();
        isResting = addresses.next();
        again(mapping -> mapping.state() instanceof WaitResponse, isResting ? now.plus(BETWEEN_ROUNDS) : now);
        return isResting ? List.of() : wayThere();
    }

    // ---- time

    List<Effect> due(MonoTime now) {
        var effects = new ArrayList<>(natPmp.due(now));
        if (isReachable()) {
            auditing.onDue(addresses.source().orElseThrow(), now)
                    .map(request -> new Effect.Send(addresses.current(), request))
                    .ifPresent(effects::add);
        }
        for (var mapping : table.due(now)) {
            if (isUnresponsive(mapping, now)) {
                effects.addAll(nextAddress(now));
                return effects;
            }
            effects.addAll(apply(mapping.key(), next(mapping, now)));
        }
        return effects;
    }

    private boolean isUnresponsive(Mapping mapping, MonoTime now) {
        return addresses.areSeveral()
                && mapping.state() instanceof WaitResponse waiting
                && waiting.transmissions() >= TRANSMISSIONS_TO_EACH_ADDRESS
                && !now.isBefore(waiting.resendAt());
    }

    private Step next(Mapping mapping, MonoTime now) {
        if (addresses.isNone()) {
            return Step.forgotten(mapping, new MappingOutcome.Released());
        }
        return refusal(mapping, now)
                .map(known -> postponed(mapping, known, now).telling(known.outcome(now)))
                .orElseGet(() -> lifecycle.onDue(mapping, now));
    }

    // ---- what follows

    private List<Effect> take(Effect first, Step step) {
        var effects = new ArrayList<Effect>(List.of(first));
        effects.addAll(apply(step.mapping().orElseThrow().key(), step));
        return effects;
    }

    private List<Effect> apply(MappingKey key, Step step) {
        step.mapping().ifPresentOrElse(mapping -> table.put(mapping, step.due()), () -> table.remove(key));
        var effects = new ArrayList<>(step.effects());
        step.outcome().ifPresent(outcome -> effects.addAll(told(key, outcome)));
        step.told().ifPresent(isThere -> rely(key, isThere));
        return effects;
    }

    private void rely(MappingKey key, boolean isThere) {
        if (isThere) {
            reliedOn.add(key);
        } else {
            reliedOn.remove(key);
        }
    }

    private List<Effect> told(MappingKey key, MappingOutcome outcome) {
        return waiters.tell(name, key, outcome);
    }
}
