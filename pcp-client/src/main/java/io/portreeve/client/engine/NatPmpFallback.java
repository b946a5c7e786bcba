package io.portreeve.client.engine;

import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingKey;
import io.portreeve.client.ServerAddress;
import io.portreeve.client.engine.MappingState.NotSent;
import io.portreeve.client.engine.MappingState.Refreshing;
import io.portreeve.client.engine.MappingState.WaitResponse;
import io.portreeve.client.engine.NatPmpTranslation.Refusal;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.natpmp.ExternalAddressRequest;
import io.portreeve.pcp.natpmp.ExternalAddressResponse;
import io.portreeve.pcp.natpmp.NatPmpMapRequest;
import io.portreeve.pcp.natpmp.NatPmpMapResponse;
import io.portreeve.pcp.natpmp.NatPmpRequest;
import io.portreeve.pcp.natpmp.NatPmpResponse;
import io.portreeve.pcp.natpmp.NatPmpResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.Predicate;

/**
 * Asks by NAT-PMP, one thing at a time, for what a server was asked for by PCP and answered in version 0. The mappings' own
 * actions go on meanwhile, as if PCP were unanswered, so that PCP is tried first every time and nothing is left behind if NAT-PMP
 * is not answered either. Source: RFC 6886 section 3; RFC 6887 section 9 and appendix A.
 */
final class NatPmpFallback {
    /** As long as an answer may be on its way. */
    private static final Duration LONGEST_WAY = Duration.ofMinutes(1);

    private final MappingTable table;
    private final Session session;
    private final NatPmpGrants grants;

    /** What is still to be asked for in this conversation; each as long as it waits for an answer. */
    private final SequencedSet<MappingKey> waiting = new LinkedHashSet<>();

    private Optional<NatPmpMapRequest> givenBack = Optional.empty();
    private Optional<NatPmpQuestion> open = Optional.empty();

    /** As far as it is known in this conversation. */
    private Optional<PcpAddress> external = Optional.empty();

    private Optional<MonoTime> lastSent = Optional.empty();
    private Optional<NatPmpEpoch> last = Optional.empty();

    /** Whose server it is, and who knows what becomes of the mappings. */
    interface Session {
        ServerAddress server();

        /** {@return what PCP asks for {@code mapping}; empty if there is no way} */
        Optional<PcpRequest> request(Mapping mapping, MonoTime now);

        List<Effect> said(Mapping mapping, Said said, MonoTime now);

        List<Effect> refused(Mapping mapping, Refusal refusal, MonoTime now);

        /** The server has lost its mappings, but {@code answered}. */
        void lost(Optional<MappingKey> answered, MonoTime now);
    }

    NatPmpFallback(MappingTable table, Session session) {
        this.table = table;
        this.session = session;
        grants = new NatPmpGrants(table, session);
    }

    MonoTime nextDue() {
        return open.map(NatPmpQuestion::due).orElse(MonoTime.NEVER);
    }

    /** {@return true if what comes now may be an answer to something that NAT-PMP asked, and perhaps not the first one} */
    boolean mayBeAnswered(MonoTime now) {
        return lastSent.filter(at -> at.plus(LONGEST_WAY).isAfter(now)).isPresent();
    }

    boolean asksFor(MappingKey key) {
        return waiting.contains(key)
                || open.flatMap(NatPmpQuestion::about).filter(key::equals).isPresent();
    }

    /** Asks for all that waits for PCP's answer, as far as NAT-PMP can. */
    List<Effect> begin(MonoTime now) {
        open = open.filter(question -> isStillWanted(question, now));
        for (var mapping : table.all()) {
            if (request(mapping, now).isPresent()) {
                waiting.add(mapping.key());
            }
        }
        return next(now);
    }

    /** Who was asked for waits for PCP again. */
    void end() {
        waiting.clear();
        givenBack = Optional.empty();
        open = Optional.empty();
        external = Optional.empty();
    }

    /** Another server, or another way to it, begins anew. */
    void forget() {
        end();
        lastSent = Optional.empty();
        last = Optional.empty();
    }

    /** {@return what asks for {@code mapping}; empty if it waits for no answer, or NAT-PMP cannot ask for it} */
    private Optional<NatPmpMapRequest> request(Mapping mapping, MonoTime now) {
        boolean waits = mapping.state() instanceof WaitResponse || mapping.state() instanceof Refreshing;
        return waits ? session.request(mapping, now).flatMap(NatPmpTranslation::request) : Optional.empty();
    }

    private Optional<NatPmpMapRequest> request(MappingKey key, MonoTime now) {
        return table.get(key).flatMap(mapping -> request(mapping, now));
    }

    /** Neither has PCP been answered meanwhile, nor is something else wanted now. */
    private boolean isStillWanted(NatPmpQuestion question, MonoTime now) {
        return switch (question.request()) {
            case ExternalAddressRequest() ->
                waiting.stream().anyMatch(key -> request(key, now).isPresent());
            case NatPmpMapRequest map ->
                question.about()
                        .map(key -> request(key, question.asked())
                                .filter(map::equals)
                                .isPresent())
                        .orElse(true);
        };
    }

    private List<Effect> next(MonoTime now) {
        if (open.isPresent()) {
            return List.of();
        }
        if (givenBack.isPresent()) {
            var deletion = givenBack.get();
            givenBack = Optional.empty();
            return ask(Optional.empty(), deletion, now);
        }
        waiting.removeIf(key -> request(key, now).isEmpty());
        if (waiting.isEmpty()) {
            end();
            return List.of();
        }
        if (external.isEmpty()
                && table.get(waiting.getFirst()).filter(Mapping::isWanted).isPresent()) {
            return ask(Optional.empty(), new ExternalAddressRequest(), now);
        }
        var key = waiting.removeFirst();
        return ask(Optional.of(key), request(key, now).orElseThrow(), now);
    }

    private List<Effect> ask(Optional<MappingKey> about, NatPmpRequest request, MonoTime now) {
        return send(NatPmpQuestion.first(about, request, now), now);
    }

    private List<Effect> send(NatPmpQuestion question, MonoTime now) {
        open = Optional.of(question);
        lastSent = Optional.of(now);
        question.about().flatMap(table::get).ifPresent(mapping -> table.replace(mapping.asked(now)));
        return List.of(new Effect.SendNatPmp(session.server(), question.request()));
    }

    List<Effect> due(MonoTime now) {
        if (nextDue().isAfter(now)) {
            return List.of();
        }
        var question = open.orElseThrow();
        if (!isStillWanted(question, now)) {
            open = Optional.empty();
            return next(now);
        }
        if (question.isLast()) {
            end();
            return List.of();
        }
        return send(question.again(now), now);
    }

    // ---- what the server says

    /** An address may be told to all, without having been asked for. RFC 6886 section 3.2.1. */
    List<Effect> received(NatPmpResponse response, MonoTime now) {
        var asked = open.filter(question -> question.isAnsweredBy(response));
        return switch (response) {
            case ExternalAddressResponse address -> addressed(asked, address, now);
            case NatPmpMapResponse map ->
                asked.map(question -> mapped(question, map, now)).orElse(List.of());
        };
    }

    private List<Effect> addressed(Optional<NatPmpQuestion> asked, ExternalAddressResponse response, MonoTime now) {
        observe(response.epoch(), Optional.empty(), now);
        if (response.result() != NatPmpResult.SUCCESS || response.external().isUnspecified()) {
            return asked.map(question -> refused(question, NatPmpTranslation.withoutAddress(response.result()), now))
                    .orElse(List.of());
        }
        external = Optional.of(response.external());
        asked.ifPresent(_ -> open = Optional.empty());
        var effects = new ArrayList<>(grants.moved(response, Predicate.not(this::asksFor), now));
        effects.addAll(next(now));
        return effects;
    }

    private List<Effect> mapped(NatPmpQuestion question, NatPmpMapResponse response, MonoTime now) {
        observe(response.epoch(), question.about(), now);
        if (response.result() != NatPmpResult.SUCCESS) {
            return refused(question, NatPmpTranslation.refusal(response.result()), now);
        }
        var effects = new ArrayList<Effect>();
        asked(question, now).ifPresent(mapping -> effects.addAll(granted(mapping, response, now)));
        open = Optional.empty();
        effects.addAll(next(now));
        return effects;
    }

    /** {@return the mapping that {@code question} asks for and that still wants an answer to it} */
    private Optional<Mapping> asked(NatPmpQuestion question, MonoTime now) {
        return question.about().filter(_ -> isStillWanted(question, now)).flatMap(table::get);
    }

    /** There is no PREFER_FAILURE in NAT-PMP: another port than the only one that will do goes back at once. */
    private List<Effect> granted(Mapping mapping, NatPmpMapResponse response, MonoTime now) {
        if (mapping.isExact() && response.externalPort() != mapping.suggested().port()) {
            givenBack = request(mapping, now).map(NatPmpTranslation::deletion);
            var withoutAny = mapping.with(new NotSent()); // the port that it had before, it has no more
            return session.refused(withoutAny, Refusal.usual(ResultCode.CANNOT_PROVIDE_EXTERNAL), now);
        }
        var assigned = new Endpoint(external.orElse(PcpAddress.ANY_IPV4), response.externalPort());
        return grants.granted(mapping, assigned, response.lifetime(), response.epoch(), now);
    }

    /**
     * The request failed, and nothing else is known.
     *
     * @param mapped what was to be mapped; empty if that was the address
     */
    List<Effect> failed(Optional<IpProtocol> mapped, int result, MonoTime now) {
        return open.filter(question -> question.isRefusedBy(mapped))
                .map(question -> refused(question, NatPmpTranslation.refusal(result), now))
                .orElse(List.of());
    }

    /** Without an address nothing can be granted; what is there can be deleted. */
    private List<Effect> refused(NatPmpQuestion question, Refusal refusal, MonoTime now) {
        var refused = switch (question.request()) {
            case ExternalAddressRequest() ->
                waiting.stream()
                        .flatMap(key -> table.get(key).stream())
                        .filter(mapping ->
                                mapping.isWanted() && request(mapping, now).isPresent())
                        .toList();
            case NatPmpMapRequest _ -> asked(question, now).stream().toList();
        };
        open = Optional.empty();
        var effects = new ArrayList<Effect>();
        refused.forEach(mapping -> effects.addAll(session.refused(mapping, refusal, now)));
        effects.addAll(next(now));
        return effects;
    }

    private void observe(EpochTime epoch, Optional<MappingKey> answered, MonoTime now) {
        var next = new NatPmpEpoch(epoch.seconds(), now.seconds());
        boolean follows = last.map(before -> before.admits(next)).orElse(true);
        last = Optional.of(next);
        if (!follows) {
            session.lost(answered, now);
        }
    }
}
