package io.portreeve.server.engine;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.PcpMapHandle;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.engine.CgnRoutine.CreatePcpMapping;
import io.portreeve.server.engine.CgnRoutine.DeletePcpMapping;
import io.portreeve.server.engine.Terms.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/** Makes a mapping: external ports out of the pool, then the CGN, port for port, then its filter. */
final class Creation {
    private final ServerState state;
    private final RandomGenerator random;
    private final FilterChange filterChange;

    Creation(ServerState state, RandomGenerator random) {
        this.state = state;
        this.random = random;
        filterChange = new FilterChange(state);
    }

    /** Why nothing was made: with a collision because traffic of the same host has another external endpoint. */
    record Refusal(ResultCode result, boolean isCollision) {}

    /** {@return true if the port that is suggested could be one of the pool's} */
    boolean mayGive(Asked asked, Subscriber subscriber) {
        var suggested = new Endpoint(subscriber.external(), asked.map().suggestedPort());
        return state.pool.covers(asked.map().protocol(), suggested);
    }

    /** A subscriber has one external address, so only the port is to be chosen. RFC 6888 REQ-2. */
    Optional<Ports> takePorts(Asked asked, Subscriber subscriber, int count) {
        if (state.isPoolExhausted) {
            return Optional.empty();
        }
        if (state.pool.isFirewall()) {
            return takeOwn(asked, count);
        }
        return count == 1 ? takePort(asked, subscriber) : takeSet(asked, subscriber, count);
    }

    /** What is not translated has but one external endpoint. RFC 6887 section 11.3. */
    private Optional<Ports> takeOwn(Asked asked, int count) {
        var own = asked.internal();
        boolean suggestsAny = asked.map().suggestedPort() == 0;
        if (asked.insists() && !suggestsAny && !asked.suggests(own)) {
            return Optional.empty();
        }
        int taken = 0;
        while (taken < count && isFree(asked, new Endpoint(own.address(), own.port() + taken))) {
            taken++;
        }
        return taken == 0 ? Optional.empty() : Optional.of(new Ports(asked.map().protocol(), own, taken));
    }

    private Optional<Ports> takePort(Asked asked, Subscriber subscriber) {
        var map = asked.map();
        var suggested = new Endpoint(subscriber.external(), map.suggestedPort());
        if (map.prefersFailure() && !asked.suggests(suggested)) {
            return Optional.empty();
        }
        if (!state.policy.isSimple() && isFree(asked, suggested)) {
            return Optional.of(new Ports(map.protocol(), suggested, 1));
        }
        if (map.prefersFailure()) {
            return Optional.empty();
        }
        return state.holdDown
                .take(
                        asked.key(),
                        subscriber.external(),
                        external -> !isCompanionOfAnother(
                                asked, external)) // RFC 6887 section 15: the same client gets it back
                .map(HeldPort::external)
                .or(() -> takeAny(asked, subscriber))
                .or(() -> oldestHeld(asked, subscriber))
                .map(external -> new Ports(map.protocol(), external, 1));
    }

    /** {@return a port that is free and not kept for another host} */
    private Optional<Endpoint> takeAny(Asked asked, Subscriber subscriber) {
        var protocol = asked.map().protocol();
        var kept = new ArrayList<Endpoint>();
        var port = state.pool.take(protocol, subscriber.external(), 0, random);
        while (port.isPresent() && isCompanionOfAnother(asked, port.get())) {
            kept.add(port.get());
            port = state.pool.take(protocol, subscriber.external(), 0, random);
        }
        kept.forEach(external -> state.pool.giveBack(protocol, external));
        return port;
    }

    /** Nobody starves of what is held back for itself. */
    private Optional<Endpoint> oldestHeld(Asked asked, Subscriber subscriber) {
        return state.holdDown
                .takeOldest(
                        asked.subscriber(),
                        asked.map().protocol(),
                        subscriber.external(),
                        external -> !isCompanionOfAnother(asked, external))
                .map(HeldPort::external);
    }

    private boolean isFree(Asked asked, Endpoint external) {
        var protocol = asked.map().protocol();
        if (isCompanionOfAnother(asked, external)) {
            return false;
        }
        return state.holdDown.take(asked.subscriber(), protocol, external).isPresent()
                || state.pool.takeExactly(protocol, external);
    }

    /**
     * What NAT-PMP maps in one protocol it keeps for the same host in the other, so it maps nothing whose other half is
     * another's. RFC 6886 section 3.3.
     */
    private boolean isCompanionOfAnother(Asked asked, Endpoint external) {
        var companion = asked.map().protocol().equals(IpProtocol.TCP) ? IpProtocol.UDP : IpProtocol.TCP;
        return state.table
                .on(companion, external)
                .filter(mapping ->
                        asked.by() == Origin.NAT_PMP || mapping.row().terms().origin() == Origin.NAT_PMP)
                .map(Mapping::key)
                .filter(key -> !key.internal().address().equals(asked.internal().address())
                        || !key.subscriber().equals(asked.subscriber()))
                .isPresent();
    }

    /** What is held for this subscriber is free for it; what it does not get of that is held as before. */
    private Optional<Ports> takeSet(Asked asked, Subscriber subscriber, int count) {
        var held = state.holdDown.takeAll(asked.subscriber(), asked.map().protocol(), subscriber.external());
        held.forEach(port -> state.pool.giveBack(port.protocol(), port.external()));
        int start = asked.map().suggestedPort() == 0
                ? lastPort(held, asked.key())
                : asked.map().suggestedPort();
        var set = takeSet(asked, subscriber, start, count, asked.parity())
                .or(() -> takeSet(asked, subscriber, start, 1, OptionalInt.empty()));
        held.stream()
                .filter(port -> state.pool.takeExactly(port.protocol(), port.external()))
                .forEach(port -> state.holdDown.putBack(port.protocol(), port.external()));
        return set;
    }

    /** {@return the external port that {@code key} had last, if it is held; otherwise 0} */
    private static int lastPort(List<HeldPort> held, MappingKey key) {
        return held.stream()
                .filter(port -> port.key().equals(key))
                .mapToInt(port -> port.external().port())
                .reduce(0, (_, later) -> later);
    }

    /** {@return ports that are free and not kept for another host} */
    private Optional<Ports> takeSet(Asked asked, Subscriber subscriber, int start, int count, OptionalInt parity) {
        var protocol = asked.map().protocol();
        var kept = new ArrayList<Endpoint>();
        var set = takeRun(asked, subscriber, start, count, parity);
        while (set.isPresent()) {
            var others = set.get().all().stream()
                    .filter(external -> isCompanionOfAnother(asked, external))
                    .toList();
            if (others.isEmpty()) {
                break;
            }
            state.pool.giveBack(set.get());
            others.forEach(external -> state.pool.takeExactly(protocol, external));
            kept.addAll(others);
            set = takeRun(asked, subscriber, start, count, parity);
        }
        kept.forEach(external -> state.pool.giveBack(protocol, external));
        return set;
    }

    private Optional<Ports> takeRun(Asked asked, Subscriber subscriber, int start, int count, OptionalInt parity) {
        return state.pool.takeSet(asked.map().protocol(), subscriber.external(), start, count, parity, random);
    }

    /** Has the CGN make {@code row}: {@code next} has the mapping when all of it is there, {@code refused} why not. */
    void create(
            Pending pending,
            MappingRow row,
            Subscriber subscriber,
            Step step,
            BiConsumer<Mapping, Step> next,
            BiConsumer<Refusal, Step> refused) {
        var routines = row.atCgn(subscriber.handle()).stream()
                .map(CreatePcpMapping::new)
                .toList();
        state.calls.ask(pending, routines, step, (answers, later) -> {
            var made = handles(answers);
            if (made.size() < answers.size()) {
                withdraw(pending, made, refusal(answers), later, refused);
            } else {
                filter(pending, new Mapping(row, made, List.of()), later, next, refused);
            }
        });
    }

    private static Refusal refusal(List<CgnAnswer> answers) {
        var failure =
                answers.stream().filter(CgnAnswer.Failed.class::isInstance).findFirst();
        return new Refusal(
                Work.refusal(failure.orElseThrow()), answers.contains(new CgnAnswer.Failed(CgnError.COLLISION)));
    }

    private static List<PcpMapHandle> handles(List<CgnAnswer> answers) {
        return answers.stream()
                .filter(CgnAnswer.Created.class::isInstance)
                .map(answer -> ((CgnAnswer.Created) answer).mapping())
                .toList();
    }

    private void filter(
            Pending pending,
            Mapping mapping,
            Step step,
            BiConsumer<Mapping, Step> next,
            BiConsumer<Refusal, Step> refused) {
        var filter = mapping.row().terms().filter();
        if (filter.isEmpty()) {
            next.accept(mapping, step);
            return;
        }
        filterChange.apply(
                pending,
                mapping,
                filter,
                step,
                (outcome, later) -> outcome.refusal()
                        .ifPresentOrElse(
                                refusal -> withdraw(
                                        pending, mapping.handles(), new Refusal(refusal, false), later, refused),
                                () -> next.accept(outcome.mapping(), later)));
    }

    /** What is there of it is taken away again before anybody else gets its ports. */
    private void withdraw(
            Pending pending, List<PcpMapHandle> made, Refusal refusal, Step step, BiConsumer<Refusal, Step> refused) {
        var deletions = made.stream().map(DeletePcpMapping::new).toList();
        state.calls.ask(pending, deletions, step, (_, later) -> refused.accept(refusal, later));
    }
}
