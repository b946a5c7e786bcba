package io.portreeve.server.engine;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import java.util.Optional;

/** One move under way: what has become of the address and of each mapping so far. Who ordered it hears when all is certain. */
final class MoveProgress implements Asker {
    private final long orderId;
    private final SubscriberId subscriber;
    private int uncertain;
    private int moved;
    private int lost;
    private Optional<CgnError> refusal = Optional.empty();
    private boolean isAnswered;

    MoveProgress(long orderId, SubscriberId subscriber, int mappings) {
        this.orderId = orderId;
        this.subscriber = subscriber;
        uncertain = mappings + 1;
    }

    void addressGiven(Step step) {
        oneMoreIsCertain(step);
    }

    void addressRefused(CgnError error, Step step) {
        refusal = Optional.of(error);
        oneMoreIsCertain(step);
    }

    void moved(Step step) {
        moved++;
        oneMoreIsCertain(step);
    }

    void lost(Step step) {
        lost++;
        oneMoreIsCertain(step);
    }

    private void oneMoreIsCertain(Step step) {
        uncertain--;
        if (uncertain == 0) {
            var outcome = refusal.<Move>map(error -> new Move.RefusedByCgn(error, lost))
                    .orElseGet(() -> new Move.Moved(moved, lost));
            answer(outcome).ifPresent(step::add);
        }
    }

    private Optional<ServerEffect> answer(Move outcome) {
        if (isAnswered) {
            return Optional.empty();
        }
        isAnswered = true;
        return Optional.of(new ServerEffect.Renumbered(orderId, outcome));
    }

    void overtaken(Step step) {
        answer(new Move.Overtaken()).ifPresent(step::add);
    }

    @Override
    public long requestId() {
        throw new IllegalStateException("no datagram asks for it");
    }

    @Override
    public Client client() {
        return new Client(subscriber, new Endpoint(subscriber.address(), 0));
    }

    @Override
    public boolean repeats(Asker earlier) {
        return false;
    }

    @Override
    public Optional<ServerEffect> refusal(ResultCode result, Lifetime lifetime, EpochTime epoch) {
        return answer(new Move.Overtaken());
    }
}
