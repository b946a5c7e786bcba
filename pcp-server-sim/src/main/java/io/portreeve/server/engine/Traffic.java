package io.portreeve.server.engine;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
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
        var routine = new CgnRoutine.FindTraffic(subscriber.handle(), key.protocol(), key.internal(), ANYBODY);
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
        var routine = new CgnRoutine.FindTraffic(subscriber.handle(), key.protocol(), key.internal(), key.remote());
        find(pending, routine, step, next);
    }

    private void find(
            Pending pending, CgnRoutine.FindTraffic routine, Step step, BiConsumer<Optional<LiveTraffic>, Step> next) {
        state.ask(pending, List.of(routine), step, (answers, later) -> next.accept(found(answers.getFirst()), later));
    }

    private static Optional<LiveTraffic> found(CgnAnswer answer) {
        return answer instanceof CgnAnswer.Found(var traffic) ? traffic : Optional.empty();
    }
}
