package io.portreeve.client.engine;

import io.portreeve.client.AuditReport;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.ServerAddress;
import io.portreeve.client.ServerView;
import io.portreeve.client.engine.MappingState.Mapped;
import io.portreeve.client.engine.MappingState.NotSent;
import io.portreeve.client.engine.MappingState.WaitResponse;
import io.portreeve.pcp.AnnounceResponse;
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
    private final ServerLimits limits = new ServerLimits();
    private final Silence silence = new Silence();
    private final Outcomes outcomes;
    private final Asking asking;
    private final Wishes wishes;
    private final Auditing auditing;
    private final StateLoss stateLoss;
    private final Probe probe;
    private final NatPmpFallback natPmp;
    private final ClientPolicy policy;
    private final RandomGenerator random;
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
        asking = new Asking(addresses, limits, silence, policy, random);
        wishes = new Wishes(new Wishes.Session(name, table, agenda, outcomes, asking), policy, nonces);
        auditing = new Auditing(name, table, limits.capabilities(), random);
        stateLoss = new StateLoss(agenda, auditing, random);
        probe = new Probe(random);
        natPmp = new NatPmpFallback(table, new NatPmpSession(addresses, asking, outcomes, stateLoss));
    }

    /** Takes up what an earlier run stored. */
    void restore(Mapping mapping) {
        isRestored = true;
        table.put(asking.asIsCertain(mapping), Asking.idleUntil(mapping));
        outcomes.restored(mapping);
    }

    String name() {
        return name;
    }

    boolean isPresent() {
        return !addresses.isNone();
    }

    MonoTime nextDue() {
        var due = table.nextDue().earlier(natPmp.nextDue()).earlier(silence.nextDue());
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
                limits.isFull(now),
                silence.sinceAnswer(now),
                silence.length(now));
    }

    /** {@return what is new of its silence} Who is asked for nothing any more is not silent. */
    List<Effect> silence(MonoTime now) {
        if (silence.isThere(now) && table.all().stream().noneMatch(Mapping::isAwaited)) {
            silence.forget();
        }
        return silence.news(name, now);
    }

    // ---- what applications want

    List<Effect> want(MappingRequest request, MonoTime now) {
        return wishes.want(request, now);
    }

    List<Effect> release(MappingKey key, MonoTime now) {
        return wishes.release(key, now);
    }

    /** Asks for what is wanted at another server, or was until that one was none of ours any more. */
    List<Effect> adopt(Collection<Mapping> others, MonoTime now) {
        return wishes.adopt(others, now);
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
        silence.forget();
        var effects = new ArrayList<>(outcomes.toldUnreachable());
        for (var mapping : List.copyOf(table.all())) {
            if (wanted || !mapping.isWanted()) {
                table.put(mapping, Asking.idleUntil(mapping));
            } else {
                effects.addAll(wishes.leave(mapping, now));
            }
        }
        return effects;
    }

    // ---- what the server says

    List<Effect> received(Said said, MonoTime now) {
        var effects = new ArrayList<Effect>();
        matching(said).ifPresent(mapping -> {
            addresses.answered();
            silence.answered(now);
            probe.end();
            stateLoss.observe(said.epoch(), Optional.of(mapping.key()), now);
            asking.learn(mapping, said, now);
            asking.onResponse(mapping, said, now).ifPresent(step -> effects.addAll(outcomes.answered(mapping, step)));
        });
        return effects;
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
        if (probe.isUnderWay()) {
            silence.answered(now);
        }
        probe.end();
        if (response.result() == ResultCode.SUCCESS.value()) {
            stateLoss.observe(response.epoch(), Optional.empty(), now);
        }
        return List.of();
    }

    // ---- what the server has

    /** Asks the server what it has, unless that is under way, or is not to be asked. */
    void audit(MonoTime start) {
        if (policy.claims().isEmpty() || auditing.isUnderWay() || !isPresent()) {
            return;
        }
        var books = new Reconciliation(name, table, asking, outcomes, Recreation.atOnce(start), claimed);
        auditing.begin(wishes.itsNonce(), books, start);
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
        silence.answered(now);
        stateLoss.observe(response.epoch(), Optional.empty(), now);
        return auditing.isUnderWay()
                ? auditing.take(response, addresses.source().orElseThrow(), now)
                : List.of();
    }

    /** A server of version 0 is asked by NAT-PMP for what that can do; all else is refused. */
    List<Effect> otherVersion(int version, Lifetime errorLifetime, MonoTime now) {
        silence.answered(now);
        if (version == PcpMessage.VERSION && natPmp.mayBeAnswered(now)) {
            natPmp.end(); // it was this that it does not understand
            return List.of();
        }
        probe.end();
        var effects = new ArrayList<Effect>(version == NAT_PMP ? natPmp.begin(now) : List.of());
        for (var mapping : List.copyOf(table.all())) {
            if (mapping.state() instanceof WaitResponse && !natPmp.asksFor(mapping.key())) {
                var refused = asking.refused(mapping, ResultCode.UNSUPP_VERSION, errorLifetime, now);
                effects.addAll(outcomes.answered(mapping, refused));
            }
        }
        return effects;
    }

    NatPmpFallback natPmp() {
        return natPmp;
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
            agenda.again(mapping -> mapping.isHeldElsewhere(source), now);
            agenda.sendWhatWaits(outcomes::isAwaited, now);
        } else if (!before.get().equals(source)) {
            startAnew(now);
        } else if (table.all().stream().anyMatch(mapping -> mapping.state() instanceof Mapped)) {
            probe.begin(now);
        }
        return List.of();
    }

    /** What was held is not held where requests come from, or go to, now. */
    private void startAnew(MonoTime from) {
        probe.end();
        auditing.abandon();
        stateLoss.forget();
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
        agenda.takeUp(start, asking::firstRenewal, left -> wishes.claimed(left, claimed, now), now);
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
        stateLoss.forget();
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
            if (!mapping.end().isAfter(now)) {
                effects.addAll(wishes.end(mapping, now));
                continue;
            }
            if (isUnresponsive(mapping, now)) {
                effects.addAll(nextAddress(now));
                return effects;
            }
            effects.addAll(outcomes.apply(mapping.key(), asking.onDue(mapping, now)));
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
}
