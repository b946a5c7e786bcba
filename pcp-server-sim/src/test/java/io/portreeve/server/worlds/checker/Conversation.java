package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpResponse;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.PeerResponse;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.natpmp.ExternalAddressResponse;
import io.portreeve.pcp.natpmp.NatPmpMapRequest;
import io.portreeve.pcp.natpmp.NatPmpMapResponse;
import io.portreeve.pcp.natpmp.NatPmpResult;
import io.portreeve.pcp.wire.DecodedNatPmpRequest;
import io.portreeve.pcp.wire.DecodedNatPmpResponse;
import io.portreeve.pcp.wire.DecodedRequest;
import io.portreeve.pcp.wire.DecodedResponse;
import io.portreeve.pcp.wire.NatPmpDecoder;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.worlds.InvariantBroken;
import io.portreeve.worlds.Station;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** What clients ask, and what they are answered: each request once, and with nothing but the truth. */
final class Conversation {
    private static final EnumSet<Opcode> OPCODES = EnumSet.allOf(Opcode.class);

    /** No request waits longer, even if each of the CGN's answers takes its time. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** What is neither MAP nor what NAT-PMP has for it. */
    private record Question(PcpAddress source, Object asked, MonoTime came) {
        boolean repeats(Question other) {
            return source.equals(other.source) && asked.equals(other.asked);
        }
    }

    private final Dumps dumps;
    private final Rules rules;
    private final BooleanSupplier quiet;
    private final Promises promises;
    private final DiskChanges changes;
    private final PortDelays delays;
    private final PeerWatch peers;
    private final Operations operations;
    private final Refusals refusals;
    private final FilterWatch filters;
    private final ListingWatch listings;
    private final Requests requests;
    private final Map<Long, Question> questions = new LinkedHashMap<>();

    Conversation(
            Dumps dumps,
            Rules rules,
            BooleanSupplier quiet,
            Promises promises,
            DiskChanges changes,
            PortDelays delays,
            PeerWatch peers,
            Operations operations,
            FilterWatch filters) {
        this.dumps = dumps;
        this.rules = rules;
        this.quiet = quiet;
        this.promises = promises;
        this.changes = changes;
        this.delays = delays;
        this.peers = peers;
        this.operations = operations;
        refusals = new Refusals(dumps, rules, delays, peers, operations);
        this.filters = filters;
        listings = new ListingWatch(dumps);
        requests = new Requests(dumps, promises);
    }

    Requests requests() {
        return requests;
    }

    void serverDied() {
        requests.clear();
        questions.clear();
    }

    boolean isAnybodyWaiting(Predicate<PcpAddress> source) {
        return requests.waiting().values().stream().anyMatch(it -> source.test(it.subscriber()))
                || questions.values().stream().anyMatch(it -> source.test(it.source()));
    }

    void checkPatience() {
        requests.waiting().values().forEach(it -> checkPatience(it, it.came()));
        questions.values().forEach(it -> checkPatience(it, it.came()));
    }

    private void checkPatience(Object request, MonoTime came) {
        if (came.plus(PATIENCE).isBefore(dumps.now())) {
            throw new InvariantBroken("I5", "never answered: " + request);
        }
    }

    // ---- what comes

    void received(long id, Station source, byte[] octets) {
        if (PcpDecoder.decodeRequest(ByteBuffer.wrap(octets), source.address(), OPCODES)
                instanceof DecodedRequest.Ok(var request)) {
            switch (request) {
                case MapRequest map ->
                    requests.add(id, Request.of(source.address(), map, rules.largestSet(), dumps.now()));
                case PeerRequest peer -> {
                    peers.asked(PeerWatch.peer(source.address(), peer));
                    ask(id, source, request);
                }
                case GetRequest _ -> ask(id, source, request);
                default -> {}
            }
        }
    }

    void receivedNatPmp(long id, Station source, byte[] octets) {
        if (NatPmpDecoder.decodeRequest(ByteBuffer.wrap(octets)) instanceof DecodedNatPmpRequest.Ok(var request)) {
            if (request instanceof NatPmpMapRequest map) {
                requests.add(id, Request.of(source.address(), map, dumps.now()));
            } else {
                ask(id, source, request);
            }
        }
    }

    private void ask(long id, Station source, Object request) {
        questions.put(id, new Question(source.address(), request, dumps.now()));
    }

    // ---- what is answered

    /** The server keeps silent about a request: only one that repeats another under way, or one too many. */
    void ignored(long id) {
        var question = questions.remove(id);
        if (question != null && questions.values().stream().noneMatch(question::repeats) && !isProbe(question)) {
            throw new InvariantBroken("answers", "silence for " + question);
        }
        requests.ignored(id);
    }

    /** Who asks for a port or none too often is not answered. RFC 6887 section 13.2. */
    private static boolean isProbe(Question question) {
        return question.asked() instanceof PeerRequest peer && peer.suggestedPort() != 0;
    }

    void answered(long id, byte[] octets) {
        var question = questions.remove(id);
        var request = requests.settle(id);
        int result = Byte.toUnsignedInt(octets[3]);
        boolean isSuccess = result == ResultCode.SUCCESS.value();
        if (question != null) {
            answered(question, isSuccess, octets);
        } else if (request != null && isSuccess) {
            granted(request, Grant.of(request.subscriber(), (MapResponse) decoded(octets)));
        } else if (request != null) {
            requests.failed(request);
            check(ResultCode.of(result).orElseThrow(), request);
        }
    }

    void answeredNatPmp(long id, byte[] octets) {
        questions.remove(id);
        var request = requests.settle(id);
        switch (NatPmpDecoder.decodeResponse(ByteBuffer.wrap(octets))) {
            case DecodedNatPmpResponse.Ok(NatPmpMapResponse answer) when request != null -> answered(request, answer);
            case DecodedNatPmpResponse.Ok(ExternalAddressResponse answer) -> {}
            default -> {
                if (request != null) {
                    throw new InvariantBroken("answers", "to NAT-PMP's " + request + " what no client can read");
                }
            }
        }
    }

    private void answered(Request request, NatPmpMapResponse answer) {
        if (answer.result() != NatPmpResult.SUCCESS) {
            requests.failed(request);
            if (quiet.getAsBoolean()) {
                refusals.check(answer.result(), request, requests.underWay(), changes.before());
            }
            return;
        }
        if (answer.internalPort() != request.who().port()) {
            throw new InvariantBroken("natpmp", request + " is answered of another port: " + answer);
        }
        var stored = dumps.disk().get(request.who());
        if (stored != null && stored.maker() != Maker.NAT_PMP && !request.deletes()) {
            checkTold(request, answer, stored);
        } else if (stored != null || request.deletes()) {
            granted(request, grant(request, answer, stored));
        }
    }

    /** What PCP made is told to NAT-PMP, and not changed. */
    private static void checkTold(Request request, NatPmpMapResponse answer, DiskRow stored) {
        if (answer.externalPort() != stored.external().port()) {
            throw new InvariantBroken("natpmp", request + " is told " + answer + " of " + stored);
        }
    }

    private static Grant grant(Request request, NatPmpMapResponse answer, DiskRow stored) {
        var address = stored == null ? PcpAddress.ANY_IPV4 : stored.external().address();
        var external = new Station(address, answer.externalPort());
        return new Grant(request.ports(), Maker.NAT_PMP, Request.NO_NONCE, external, answer.lifetime());
    }

    private void granted(Request request, Grant grant) {
        if (request.deletes()) {
            boolean areOthers = requests.areOthersFor(request);
            promises.deleted(request, areOthers);
            if (!areOthers && quiet.getAsBoolean()) {
                promises.checkNotInForce(request);
            }
            return;
        }
        Suggestions.check(request, grant);
        boolean isAlone = requests.isAlone(request);
        if (quiet.getAsBoolean() && isAlone && isNew(request)) {
            delays.checkReturn(request, grant);
        }
        promises.granted(grant, changes.before(), requests.unsettledBesides(request));
        if (isAlone) {
            filters.checkGranted(request, grant);
        }
    }

    private boolean isNew(Request request) {
        return request.ports().count() == 1 && !changes.before().containsKey(request.who());
    }

    private static PcpResponse decoded(byte[] octets) {
        if (PcpDecoder.decodeResponse(ByteBuffer.wrap(octets)) instanceof DecodedResponse.Ok(var response)) {
            return response;
        }
        throw new InvariantBroken("answers", "an answer that no client can read");
    }

    private void check(ResultCode result, Request request) {
        if (quiet.getAsBoolean()) {
            refusals.check(result, request, requests.underWay(), changes.before());
        }
    }

    private void answered(Question question, boolean isSuccess, byte[] octets) {
        if (question.asked() instanceof GetRequest get) {
            var answer = isSuccess ? Optional.of((GetResponse) decoded(octets)) : Optional.<GetResponse>empty();
            answer.ifPresent(it -> listings.check(question.source(), get, it, changes.before()));
            if (quiet.getAsBoolean() && ListingWatch.asksForAll(get) && !isAnybodyBusy(question.source())) {
                listings.checkComplete(
                        question.source(),
                        get,
                        answer.map(GetResponse::mappings).orElseGet(List::of));
            }
        } else if (question.asked() instanceof PeerRequest peer && isSuccess) {
            granted(question.source(), peer, (PeerResponse) decoded(octets));
        }
    }

    private void granted(PcpAddress source, PeerRequest request, PeerResponse answer) {
        if (!operations.isJustDeleted(source)) {
            peers.granted(PeerWatch.peer(source, request), answer, changes.before());
        }
    }

    private boolean isAnybodyBusy(PcpAddress subscriber) {
        return requests.underWay().stream().anyMatch(it -> it.subscriber().equals(subscriber));
    }

    /** The server sends {@code client} what it did not ask for, or not only. */
    void told(PcpAddress client, byte[] octets) {
        if (!(decoded(octets) instanceof MapResponse said) || !said.isSuccess()) {
            return;
        }
        var grant = Grant.of(client, said);
        if (said.lifetime().equals(Lifetime.DELETE)) {
            requests.endedMore();
            return;
        }
        var stored = dumps.disk().get(grant.who());
        if (stored != null) {
            promises.told(
                    grant.aSecondLess(),
                    changes.before(),
                    requests.unsettledBesides(null)); // what is left of a lifetime is rounded up
        }
    }
}
