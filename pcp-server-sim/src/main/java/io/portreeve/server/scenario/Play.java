package io.portreeve.server.scenario;

import io.portreeve.server.scenario.PlayEffect.Do;
import io.portreeve.server.scenario.PlayEffect.Verdict;
import io.portreeve.server.scenario.PlayEvent.Came;
import io.portreeve.server.scenario.PlayEvent.Due;
import io.portreeve.server.scenario.PlayEvent.Ended;
import io.portreeve.server.scenario.PlayEvent.Looked;
import io.portreeve.server.scenario.PlayEvent.NotDone;
import io.portreeve.server.scenario.Step.Act;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A scenario while it is played: what is due, and which expectations are met. It reads no clock; all times are since the start, and
 * never go back.
 */
final class Play {
    private final Deque<Act> acts;
    private final List<Watch> watches;
    private final Map<Integer, Integer> exits = new HashMap<>();

    /** What was to be done by then is done: nothing before is an effect of it. */
    private Duration done = Duration.ofNanos(-1);

    Play(Scenario scenario) {
        acts = new ArrayDeque<>(scenario.acts());
        watches =
                new ArrayList<>(scenario.expectations().stream().map(Watch::new).toList());
    }

    /** {@return true if nothing is to be done or expected any more} */
    boolean isOver() {
        return acts.isEmpty() && watches.isEmpty();
    }

    /** {@return when it wants to hear that time has passed, if it is not over} */
    Duration nextDue() {
        return Stream.concat(
                        acts.stream().limit(1).map(Act::at), watches.stream().map(Watch::until))
                .min(Duration::compareTo)
                .orElseThrow();
    }

    /** {@return what follows from {@code event}, in order} */
    List<PlayEffect> handle(PlayEvent event, Duration now) {
        return switch (event) {
            case Came(var request, var at) -> judge(watch -> watch.came(request, at));
            case Looked(var table) -> judge(watch -> watch.looked(table, now));
            case Ended(var act, int code) -> {
                exits.put(act.line(), code);
                yield judge(watch -> watch.ended(exits, now));
            }
            case NotDone(var act, var why) -> List.of(new Verdict(act, false, now, why));
            case Due() -> due(now);
        };
    }

    /** What is certain is watched no longer. */
    private List<PlayEffect> judge(Function<Watch, Optional<Verdict>> look) {
        var verdicts = new ArrayList<PlayEffect>();
        watches.removeIf(watch -> {
            var verdict = watch.from().compareTo(done) <= 0 ? look.apply(watch) : Optional.<Verdict>empty();
            verdict.ifPresent(verdicts::add);
            return verdict.isPresent();
        });
        return verdicts;
    }

    private List<PlayEffect> due(Duration now) {
        var effects = new ArrayList<PlayEffect>();
        while (!acts.isEmpty() && acts.peek().at().compareTo(now) <= 0) {
            effects.add(new Do(acts.poll()));
        }
        done = now;
        effects.addAll(judge(watch -> watch.ended(exits, now))); // it may have ended before that was expected
        effects.addAll(
                judge(watch -> watch.until().compareTo(now) <= 0 ? Optional.of(watch.over()) : Optional.empty()));
        return effects;
    }
}
