package io.portreeve.client.engine;

import io.portreeve.client.AuditReport;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** What one server is asked, and what is known of it. No result of one server says anything of another. RFC 7488 section 4. */
final class ServerSession {
    private static final int TRANSMISSIONS_TO_EACH_ADDRESS = 4;
    private static final int NAT_PMP = 0;
    private static final Duration BETWEEN_ROUNDS = Duration.ofMinutes(15);
    private static final Duration FIRST_RT = Retransmission.RFC_6887.irt();

    private final String name;
    private final ServerAddresses addresses = new ServerAddresses();
    private final MappingTable table = new MappingTable();
    private final Agenda agenda = new Agenda(table);
    private final Outcomes outcomes;
    private final Wishes wishes;
    private final Lifecycle lifecycle;
    private final ServerLimits limits = new ServerLimits();
    private final RandomGenerator random;
    private final ClientPolicy policy;
    private final Auditing auditing;
    private final Probe probe;
    private final NatPmpFallback natPmp = new NatPmpFallback(table, new OfNatPmp());
    private Optional<EpochObservation> last = Optional.empty();
    private MonoTime claimed = MonoTime.START;
    private boolean isResting;
    private boolean isRestored;

    /** A session with a server that is not there: what is wanted is kept until it is. */
    ServerSession(
            String name, ClientPolicy policy, Waiters waiters, Supplier<MappingNonce> nonces, RandomGenerator random) {
        this.policy = policy;
        this.name = name;
        this.random = random;
        outcomes = new Outcomes(name, table, waiters);
        wishes = new Wishes(name, table, policy, nonces);
        probe = new Probe(random);
        auditing = new Auditing(name, limits.capabilities(), random);
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
        table.put(asIsCertain(mapping), idleUntil(mapping));
        outcomes.restored(mapping);
    }

    /** The last request may have been granted, and its answer lost: then what is held is no longer than that asked for. */
    private Mapping asIsCertain(Mapping mapping) {
        return mapping.state() instanceof Mapped(var grant)
                        && asAskedFor(mapping, grant.at()).wanted() instanceof Wanted.Kept kept
                ? mapping.with(new Mapped(grant.atMost(kept.lifetime())))
                : mapping;
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
        return isReachable() ? due.earlier(auditing.nextDue()).earlier(probe.nextDue()) : due;
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
                name,
                address,
                source,
                limits.capabilities().withoutOptions(),
                limits.capabilities().shortest(),
                limits.capabilities().longest(),
                limits.isFull(now));
    }

    // ---- what applications want

    List<Effect> want(MappingRequest request, MonoTime now) {
        var before = table.get(request.key());
        var wanted = Wishes.wanted(request, before, now);
        if (before.isPresent()
                && before.get().wanted().equals(wanted)
                && before.get().state() instanceof ErrorWaitResend(int result, var _, var retryAt)
                && now.isBefore(retryAt)) {
            return outcomes.told(request.key(), new MappingOutcome.Refused(result, Lifetime.of(now.until(retryAt))));
        }
        var mapping = wishes.mapping(request, wanted);
        return outcomes.take(new Effect.Save(mapping), ask(mapping, now));
    }

    private Step ask(Mapping mapping, MonoTime now) {
        if (addresses.isNone()) {
            return Step.to(mapping, idleUntil(mapping)).telling(new MappingOutcome.Unreachable());
        }
        return limits.refusal(mapping, addresses.source(), now)
                .map(known -> postponed(mapping, known, now).telling(known.outcome(now)))
                .orElseGet(() -> lifecycle.ask(mapping, now));
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
                var mapping = its.map(it -> it.with(other.wanted()))
                        .orElseGet(() -> other.at(name, wishes.nonce(other.key())));
                agenda.askAgain(mapping, start);
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
        var effects = new ArrayList<>(outcomes.toldUnreachable());
        for (var mapping : List.copyOf(table.all())) {
            if (wanted || !mapping.isWanted()) {
                table.put(mapping, idleUntil(mapping));
            } else {
                effects.addAll(outcomes.apply(mapping.key(), left(mapping, now)));
            }
        }
        return effects;
    }

    private static Step left(Mapping mapping, MonoTime now) {
        if (!mapping.mayExist(now) || mapping.key().remotePeer().isPresent()) {
            return Step.forgotten(mapping, new MappingOutcome.Released());
        }
        var gone = Wishes.gone(mapping);
        return Step.to(gone, idleUntil(gone), new Effect.Save(gone));
    }

    List<Effect> release(MappingKey key, MonoTime now) {
        var mapping = table.get(key).orElseThrow();
        if (!mapping.mayExist(now) || key.remotePeer().isPresent()) { // PEER cannot delete: RFC 6887 section 12.1
            return outcomes.apply(key, Step.forgotten(mapping, new MappingOutcome.Released()));
        }
        var gone = Wishes.gone(mapping);
        return outcomes.take(new Effect.Save(gone), ask(gone, now));
    }

    // ---- what the server says

    List<Effect> received(Said said, MonoTime now) {
        var effects = new ArrayList<Effect>();
        matching(said).ifPresent(mapping -> {
            addresses.answered();
            probe.end();
            observe(said.epoch(), Optional.of(mapping.key()), now);
            limits.learn(asAskedFor(mapping, now), said, addresses.source(), now);
            lifecycle
                    .onResponse(fromHere(mapping), said, now)
                    .ifPresent(step -> effects.addAll(outcomes.answered(mapping, step)));
        });
        return effects;
    }

    private Mapping fromHere(Mapping mapping) {
        return addresses.source().map(mapping::from).orElse(mapping);
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
        probe.end();
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
        var books = new Reconciliation(name, table, lifecycle, outcomes::answered, Recreation.atOnce(start), claimed);
        auditing.begin(hosts, wishes.itsNonce(), books, start);
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
        agenda.recreate(
                mapping -> mapping.isWanted()
                        && mapping.state().holding().isPresent()
                        && !answered.equals(Optional.of(mapping.key())),
                Recreation.afterLoss(now, random));
    }

    /** A server of version 0 is asked by NAT-PMP for what that can do; all else is refused. */
    List<Effect> otherVersion(int version, Lifetime errorLifetime, MonoTime now) {
        if (version == PcpMessage.VERSION && natPmp.mayBeAnswered(now)) {
            natPmp.end(); // it was this that it does not understand
            return List.of();
        }
        probe.end();
        var effects = new ArrayList<Effect>(version == NAT_PMP ? natPmp.begin(now) : List.of());
        for (var mapping : List.copyOf(table.all())) {
            if (mapping.state() instanceof WaitResponse && !natPmp.asksFor(mapping.key())) {
                effects.addAll(refused(mapping, ResultCode.UNSUPP_VERSION, errorLifetime, now));
            }
        }
        return effects;
    }

    private List<Effect> refused(Mapping mapping, ResultCode error, Lifetime errorLifetime, MonoTime now) {
        return outcomes.answered(mapping, lifecycle.refused(mapping, error.value(), errorLifetime, now));
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
                    .onResponse(fromHere(mapping), said, now)
                    .map(step -> outcomes.answered(mapping, step))
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

    /** Who could not be reached may be reached now. */
    List<Effect> networkChanged(MonoTime now) {
        agenda.reprobe(now);
        if (isResting) {
            isResting = false;
            agenda.again(mapping -> mapping.state() instanceof NotSent, now.plus(FIRST_RT));
        }
        return List.of(new Effect.Connect(addresses.current()));
    }

    /** Whoever is known by another address than before has none of its mappings there any more. */
    List<Effect> connected(ServerAddress server, PcpAddress source, MonoTime now) {
        var before = addresses.connected(server, source);
        if (before.isEmpty()) {
            agenda.again(mapping -> isFromElsewhere(mapping, source), now);
            agenda.sendWhatWaits(outcomes::isAwaited, now);
        } else if (!before.get().equals(source)) {
            startAnew(now);
        } else if (table.all().stream().anyMatch(mapping -> mapping.state() instanceof Mapped)) {
            probe.begin(now);
        }
        return List.of();
    }

    /** An earlier run may have had another address. */
    private static boolean isFromElsewhere(Mapping mapping, PcpAddress source) {
        return mapping.state() instanceof Mapped
                && mapping.source().filter(it -> !it.equals(source)).isPresent();
    }

    /** What was held is not held where requests come from, or go to, now. */
    private void startAnew(MonoTime from) {
        probe.end();
        auditing.abandon();
        last = Optional.empty();
        natPmp.forget();
        limits.forget();
        agenda.again(_ -> true, from);
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
                agenda.askAgain(mapping, start);
            }
        }
    }

    /** Those who wait hear it at once; retransmission goes on as scheduled, because the message may be forged. */
    List<Effect> unreachable(MonoTime now) {
        if (addresses.areSeveral()) {
            return nextAddress(now);
        }
        natPmp.end();
        return outcomes.toldUnreachable();
    }

    /** What was granted there is there still: it is the same server. */
    private List<Effect> nextAddress(MonoTime now) {
        last = Optional.empty();
        natPmp.forget();
        isResting = addresses.next();
        agenda.again(mapping -> mapping.state() instanceof WaitResponse, isResting ? now.plus(BETWEEN_ROUNDS) : now);
        return isResting ? List.of() : wayThere();
    }

    // ---- time

    List<Effect> due(MonoTime now) {
        var effects = new ArrayList<>(natPmp.due(now));
        if (isReachable()) {
            effects.addAll(questions(addresses.source().orElseThrow(), now));
        }
        for (var mapping : table.due(now)) {
            if (isUnresponsive(mapping, now)) {
                effects.addAll(nextAddress(now));
                return effects;
            }
            effects.addAll(outcomes.apply(mapping.key(), next(mapping, now)));
        }
        return effects;
    }

    /** {@return what is asked now that is about no single mapping} */
    private List<Effect> questions(PcpAddress source, MonoTime now) {
        if (limits.isSpared(now)) {
            probe.end();
        }
        return Stream.<Optional<? extends PcpRequest>>of(probe.onDue(source, now), auditing.onDue(source, now))
                .flatMap(Optional::stream)
                .<Effect>map(request -> new Effect.Send(addresses.current(), request))
                .toList();
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
        return limits.refusal(mapping, addresses.source(), now)
                .map(known -> postponed(mapping, known, now).telling(known.outcome(now)))
                .orElseGet(() -> lifecycle.onDue(mapping, now));
    }
}
