package io.portreeve.server.engine;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.InternalTuple;
import io.portreeve.server.cgn.LiveTraffic;
import io.portreeve.server.cgn.Subscriber;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What the CGN knows of the traffic of hosts. */
final class Traffic {
    private static final Endpoint ANYBODY = new Endpoint(PcpAddress.ANY_IPV4, 0);

    private final ServerState state;

    Traffic(ServerState state) {
        this.state = state;
    }

    /** Goes on with the traffic of one internal endpoint in one external family. A CGN that cannot say has none. */
    void find(
            Pending pending,
            Subscriber subscriber,
            MappingKey key,
            Step step,
            BiConsumer<Optional<LiveTraffic>, Step> next) {
        var routine = new CgnRoutine.FindTraffic(
                new InternalTuple(subscriber.handle(), key.protocol(), key.internal()), ANYBODY);
        find(
                pending,
                routine,
                step,
                (found, later) -> next.accept(
                        found.filter(live -> Family.of(live.external().address()) == key.external()), later));
    }

    /** Goes on with what there is of one flow. */
    void find(
            Pending pending,
            Subscriber subscriber,
            PeerKey key,
            Step step,
            BiConsumer<Optional<LiveTraffic>, Step> next) {
        var routine = new CgnRoutine.FindTraffic(
                new InternalTuple(subscriber.handle(), key.protocol(), key.internal()), key.remote());
        find(pending, routine, step, next);
    }

    /**
     * Goes on with how long the idle time of what goes through {@code mapping} lasts, 0 if nothing does. If the CGN cannot say,
     * the mapping is left as it is.
     */
    void left(Pending pending, Mapping mapping, Step step, BiConsumer<Lifetime, Step> next) {
        var handle = state.subscribers.get(mapping.key().owner()).handle();
        var routines = mapping.keys().stream()
                .map(port -> new CgnRoutine.FindTraffic(
                        new InternalTuple(handle, port.protocol(), port.internal()), ANYBODY))
                .toList();
        state.calls.ask(pending, routines, step, (answers, later) -> {
            long left = answers.stream()
                    .mapToLong(answer -> left(answer, mapping.row(), later.now).seconds())
                    .max()
                    .orElseThrow();
            next.accept(new Lifetime(left), later);
        });
    }

    private Lifetime left(CgnAnswer answer, MappingRow row, MonoTime now) {
        return answer instanceof CgnAnswer.Found(var traffic)
                ? traffic.map(live -> atMostIdle(live, row.key().protocol())).orElse(Lifetime.DELETE)
                : row.left(now);
    }

    /** {@return how long an explicit mapping may live for the sake of this traffic} */
    Lifetime atMostIdle(LiveTraffic live, IpProtocol protocol) {
        long longest = state.policy.longest(protocol).seconds();
        return new Lifetime(Math.min(live.left().seconds(), longest));
    }

    private void find(
            Pending pending, CgnRoutine.FindTraffic routine, Step step, BiConsumer<Optional<LiveTraffic>, Step> next) {
        state.calls.ask(
                pending, List.of(routine), step, (answers, later) -> next.accept(found(answers.getFirst()), later));
    }

    private static Optional<LiveTraffic> found(CgnAnswer answer) {
        return answer instanceof CgnAnswer.Found(var traffic) ? traffic : Optional.empty();
    }
}
