package io.portreeve.server.faults;

import io.portreeve.pcp.MonoTime;
import io.portreeve.server.engine.ServerEffect.Answer;
import io.portreeve.server.engine.ServerEffect.Ignore;
import io.portreeve.server.engine.ServerEffect.Sent;
import io.portreeve.server.engine.ServerEffect.Unasked;
import io.portreeve.server.engine.ServerEvent.Asks;
import io.portreeve.server.engine.ServerEvent.CgnDone;
import io.portreeve.server.engine.ServerEvent.Scarce;
import io.portreeve.server.faults.FaultEvent.Answered;
import io.portreeve.server.faults.FaultEvent.Came;
import io.portreeve.server.faults.FaultEvent.Changed;
import io.portreeve.server.faults.FaultEvent.Decided;
import io.portreeve.server.faults.FaultEvent.Due;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/**
 * Does what is wrong: to each request that comes, to each message that the server's engine decides to send, and to what the CGN
 * answers. What is wrong with the server itself it has the server's engine do.
 *
 * <p>Each request still gets exactly one answer, which is silence for what is lost, so that the network forgets it. Silence
 * itself meets no faults.
 */
final class FaultEngine {
    private final RandomGenerator unseeded;
    private final LongFunction<RandomGenerator> seeded;
    private final LeavingQueue queue = new LeavingQueue();
    private final LeavingQueue cgnAnswers = new LeavingQueue();
    private final Refusals refusals = new Refusals();
    private Faults faults = Faults.NONE;
    private Chances chances;

    /**
     * @param unseeded for as long as the faults have no seed
     * @param seeded equal ones for equal seeds
     */
    FaultEngine(RandomGenerator unseeded, LongFunction<RandomGenerator> seeded) {
        this.unseeded = unseeded;
        this.seeded = seeded;
        chances = Chances.of(unseeded, seeded);
    }

    /** {@return true if it would do nothing to what comes or is decided next} */
    boolean isIdle() {
        return faults.equals(Faults.NONE) && queue.isEmpty() && refusals.isEmpty();
    }

    MonoTime nextDue() {
        return queue.nextDue().earlier(cgnAnswers.nextDue());
    }

    /** {@return what must be done about {@code event}, in order} */
    List<FaultEffect> handle(FaultEvent event, MonoTime now) {
        var effects = new ArrayList<>(queue.takeDue(now));
        effects.addAll(cgnAnswers.takeDue(now));
        switch (event) {
            case Came(var request) -> effects.add(came(request));
            case Decided(Ignore ignore) -> effects.add(new FaultEffect.Send(refusals.finish(ignore)));
            case Decided(Answer answer) -> decide(refusals.finish(answer), chances.answers(), now, effects);
            case Decided(Unasked unasked) -> decide(unasked, chances.unasked(), now, effects);
            case Answered(var answer) -> answer(answer, now, effects);
            case Changed(var wanted) -> effects.addAll(change(wanted));
            case Due() -> {}
        }
        return effects;
    }

    /** What waits is not to be overtaken by what meets other faults: it leaves at once. */
    private List<FaultEffect> change(Faults wanted) {
        var before = scarcity();
        faults = wanted;
        var source = wanted.seed().isPresent() ? seeded.apply(wanted.seed().getAsLong()) : unseeded;
        chances = Chances.of(source, seeded);
        var effects = new ArrayList<>(queue.takeAll());
        effects.addAll(cgnAnswers.takeAll());
        if (!scarcity().equals(before)) {
            effects.add(new FaultEffect.HandOn(scarcity()));
        }
        return effects;
    }

    private Scarce scarcity() {
        return new Scarce(faults.quota(), faults.isPoolExhausted());
    }

    private FaultEffect came(Asks request) {
        if (happens(faults.dropRequests(), chances.requests())) {
            return new FaultEffect.Send(new Ignore(request.requestId()));
        }
        return new FaultEffect.HandOn(faults.refuse()
                .map(result -> refusals.refused(request, result, faults.refuseLifetime()))
                .orElse(request));
    }

    private void answer(CgnDone answer, MonoTime now, List<FaultEffect> effects) {
        cgnAnswers.add(new FaultEffect.HandOn(answer), now.plus(faults.cgnDelay()));
        effects.addAll(cgnAnswers.takeDue(now));
    }

    private void decide(Sent message, RandomGenerator random, MonoTime now, List<FaultEffect> effects) {
        if (happens(faults.dropAnswers(), random)) {
            lose(message, effects);
            return;
        }
        var said = new Lies(faults).in(message);
        var sending =
                happens(faults.duplicate(), random) ? new FaultEffect.SendTwice(said) : new FaultEffect.Send(said);
        var due = now.plus(faults.delay()).plus(jitter(random));
        if (happens(faults.reorder(), random)) {
            queue.addToBeOvertaken(sending, due);
        } else {
            queue.add(sending, due);
        }
        effects.addAll(queue.takeDue(now));
    }

    private static void lose(Sent message, List<FaultEffect> effects) {
        if (message instanceof Answer answer) {
            effects.add(new FaultEffect.Send(new Ignore(answer.requestId())));
        }
    }

    private static boolean happens(int percent, RandomGenerator random) {
        return percent > 0 && random.nextInt(100) < percent;
    }

    private Duration jitter(RandomGenerator random) {
        var most = faults.jitter();
        return most.isZero() ? most : Duration.ofNanos(random.nextLong(most.toNanos() + 1));
    }
}
