package io.portreeve.client.engine;

import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingLease;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.engine.MappingState.ErrorWaitResend;
import io.portreeve.client.engine.MappingState.NotSent;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What applications want of a server, and what mappings become when applications want them, want them otherwise, or want them no more. */
final class Wishes {
    private final Session session;
    private final ClientPolicy policy;
    private final Supplier<MappingNonce> nonces;
    private Optional<MappingNonce> itsNonce = Optional.empty();

    /** The server that mappings are wanted of. */
    record Session(String server, MappingTable table, Agenda agenda, Outcomes outcomes, Asking asking) {}

    Wishes(Session session, ClientPolicy policy, Supplier<MappingNonce> nonces) {
        this.session = session;
        this.policy = policy;
        this.nonces = nonces;
    }

    List<Effect> want(MappingRequest request, MonoTime now) {
        var before = session.table().get(request.key());
        var wanted = wanted(request, before, now);
        if (before.isPresent()
                && isTheSame(before.get(), wanted)
                && before.get().state() instanceof ErrorWaitResend(int result, var _, var retryAt)
                && now.isBefore(retryAt)) {
            var refused = new MappingOutcome.Refused(result, Lifetime.of(now.until(retryAt)));
            var effects = new ArrayList<>(prolonged(before.get(), wanted));
            effects.addAll(session.outcomes().told(request.key(), refused));
            return effects;
        }
        return ask(mapping(request, wanted), now);
    }

    /** Who wants the same once more wants it for longer, and nothing else. */
    private static boolean isTheSame(Mapping before, Wanted.Kept wanted) {
        return before.wanted() instanceof Wanted.Kept kept
                && kept.until(wanted.end()).equals(wanted);
    }

    private List<Effect> prolonged(Mapping before, Wanted.Kept wanted) {
        var prolonged = before.with(wanted);
        session.table().replace(prolonged);
        return prolonged.equals(before) ? List.of() : List.of(new Effect.Save(prolonged));
    }

    private List<Effect> ask(Mapping mapping, MonoTime now) {
        return session.outcomes()
                .take(new Effect.Save(mapping), session.asking().ask(mapping, now));
    }

    List<Effect> release(MappingKey key, MonoTime now) {
        var mapping = session.table().get(key).orElseThrow();
        return canBeDeleted(mapping, now) ? ask(gone(mapping), now) : forgotten(mapping);
    }

    /** The time is over that {@code mapping} was wanted for: it is released, as if its owner had. */
    List<Effect> end(Mapping mapping, MonoTime now) {
        var effects = new ArrayList<>(session.outcomes().ended(mapping.key()));
        effects.addAll(release(mapping.key(), now));
        return effects;
    }

    /** PEER cannot delete: RFC 6887 section 12.1. */
    private static boolean canBeDeleted(Mapping mapping, MonoTime now) {
        return mapping.mayExist(now) && mapping.key().remotePeer().isEmpty();
    }

    private List<Effect> forgotten(Mapping mapping) {
        return session.outcomes().apply(mapping.key(), Step.forgotten(mapping, new MappingOutcome.Released()));
    }

    /** Another server has {@code mapping} from now on; this one is to delete it if it comes back. */
    List<Effect> leave(Mapping mapping, MonoTime now) {
        if (!canBeDeleted(mapping, now)) {
            return forgotten(mapping);
        }
        var gone = gone(mapping);
        session.table().put(gone, Asking.idleUntil(gone));
        return List.of(new Effect.Save(gone));
    }

    /** Asks for what is wanted at another server, or was until that one was none of ours any more. */
    List<Effect> adopt(Collection<Mapping> others, MonoTime now) {
        var effects = new ArrayList<Effect>();
        var start = Recreation.atOnce(now);
        for (var other : others) {
            var its = session.table().get(other.key());
            if (its.filter(Mapping::isWanted).isEmpty()) {
                var mapping = its.map(it -> it.with(other.wanted()))
                        .orElseGet(() -> other.at(session.server(), nonce(other.key())));
                session.agenda().askAgain(mapping, start);
                effects.add(new Effect.Save(mapping));
            }
        }
        return effects;
    }

    /** The filters that a mapping has, or may have, go when others are wanted. */
    private static Wanted.Kept wanted(MappingRequest request, Optional<Mapping> before, MonoTime now) {
        var terms = request.terms();
        boolean refilters = before.filter(it -> it.mayExist(now) && it.mayHaveFilters())
                .filter(it -> !(it.wanted() instanceof Wanted.Kept kept
                        && kept.terms().filters().equals(terms.filters())
                        && !kept.refilters()))
                .isPresent();
        var end = request.lease() instanceof MappingLease.Timed(var length) ? now.plus(length) : MonoTime.NEVER;
        return new Wanted.Kept(request.external(), request.lifetime(), end, terms, refilters);
    }

    /** {@return the mapping that is to be asked for} */
    private Mapping mapping(MappingRequest request, Wanted.Kept wanted) {
        return session.table()
                .get(request.key())
                .map(before -> rewritten(before, wanted, request.owner()))
                .orElseGet(() -> new Mapping(
                        session.server(),
                        request.key(),
                        request.owner(),
                        nonce(request.key()),
                        wanted,
                        Optional.empty(),
                        MonoTime.START,
                        Optional.empty(),
                        new NotSent()));
    }

    /** An endpoint granted earlier is suggested again, unless another port or address is wanted now. */
    private static Mapping rewritten(Mapping before, Wanted.Kept wanted, String owner) {
        return new Mapping(
                before.server(),
                before.key(),
                owner,
                before.nonce(),
                wanted,
                before.lastExternal().filter(wanted.external()::isMetBy),
                before.knownUntil(),
                before.source(),
                before.state());
    }

    /** One internal side has one nonce, whatever families its external ones are of: a server may refuse another. */
    private MappingNonce nonce(MappingKey key) {
        return session.table()
                .get(key.twin())
                .map(Mapping::nonce)
                .orElseGet(() -> policy.claims().isPresent() ? itsNonce() : nonces.get());
    }

    /** A server lists what it is shown the nonce of, so all mappings have one where lists are asked for. */
    MappingNonce itsNonce() {
        var nonce = itsNonce.or(
                        () -> session.table().all().stream().map(Mapping::nonce).findFirst())
                .orElseGet(nonces);
        itsNonce = Optional.of(nonce);
        return nonce;
    }

    /** {@return when what is {@code left} of an earlier run is over: what another client has is not deleted} */
    MonoTime claimed(Mapping left, MonoTime until, MonoTime now) {
        return left.nonce().equals(itsNonce()) ? until.later(now) : left.knownUntil();
    }

    /** {@return the same, to be deleted} */
    private static Mapping gone(Mapping mapping) {
        return mapping.with(new Wanted.Gone(mapping.ports(), mapping.mayHaveFilters()));
    }
}
