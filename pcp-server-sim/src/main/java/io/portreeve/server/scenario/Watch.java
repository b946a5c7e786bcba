package io.portreeve.server.scenario;

import io.portreeve.server.engine.MappingView;
import io.portreeve.server.scenario.Condition.Count;
import io.portreeve.server.scenario.Condition.Exit;
import io.portreeve.server.scenario.Condition.Mapped;
import io.portreeve.server.scenario.PlayEffect.Verdict;
import io.portreeve.server.scenario.Step.Expectation;
import io.portreeve.server.scenario.Step.When;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** One expectation, until it is certain whether it is met. */
final class Watch {
    private static final int MOST_SHOWN = 5;

    private final Expectation expectation;
    private final Map<SeenRequest, Integer> received = new LinkedHashMap<>();
    private Optional<List<MappingView>> table = Optional.empty();
    private int count;

    Watch(Expectation expectation) {
        this.expectation = expectation;
    }

    Duration from() {
        return expectation.from();
    }

    Duration until() {
        return expectation.until();
    }

    private boolean isTime(Duration at) {
        return at.compareTo(expectation.from()) >= 0 && at.compareTo(expectation.until()) <= 0;
    }

    /** {@return what is certain now} */
    Optional<Verdict> came(SeenRequest request, Duration at) {
        if (!isTime(at)) {
            return Optional.empty();
        }
        received.merge(request, 1, Integer::sum);
        if (!(expectation.condition() instanceof Count(var pattern, int least, int most))
                || !pattern.matches(request)) {
            return Optional.empty();
        }
        count++;
        return switch (expectation.when()) {
            case WITHIN -> count >= least ? Optional.of(held(at)) : Optional.empty();
            case FOR -> count > most ? Optional.of(failed(at)) : Optional.empty();
        };
    }

    Optional<Verdict> looked(List<MappingView> now, Duration at) {
        if (!isTime(at) || !(expectation.condition() instanceof Mapped mapped)) {
            return Optional.empty();
        }
        table = Optional.of(now);
        return switch (expectation.when()) {
            case WITHIN -> mapped.holds(now) ? Optional.of(held(at)) : Optional.empty();
            case FOR -> mapped.holds(now) ? Optional.empty() : Optional.of(failed(at));
        };
    }

    /** @param exits the codes of the programs that have ended, by the lines that started them */
    Optional<Verdict> ended(Map<Integer, Integer> exits, Duration at) {
        if (!isTime(at) || !(expectation.condition() instanceof Exit(int line, int code)) || !exits.containsKey(line)) {
            return Optional.empty();
        }
        int ended = exits.get(line);
        return Optional.of(new Verdict(expectation, ended == code, at, "exit " + ended));
    }

    /** {@return how it stands when its time is over} */
    Verdict over() {
        boolean isKept =
                expectation.when() == When.FOR && !(expectation.condition() instanceof Mapped && table.isEmpty());
        return isKept ? held(expectation.until()) : failed(expectation.until());
    }

    private Verdict held(Duration at) {
        return new Verdict(expectation, true, at, expectation.condition() instanceof Count ? "seen " + count : seen());
    }

    private Verdict failed(Duration at) {
        return new Verdict(expectation, false, at, seen());
    }

    private String seen() {
        return switch (expectation.condition()) {
            case Count _ -> "instead it received " + received();
            case Mapped _ -> table.map(Watch::text).orElse("nobody could look at the table");
            case Exit _ -> "it runs still";
        };
    }

    private String received() {
        if (received.isEmpty()) {
            return "nothing";
        }
        var all = received.entrySet().stream()
                .limit(MOST_SHOWN)
                .map(entry -> entry.getValue() + " x " + entry.getKey())
                .collect(Collectors.joining(", "));
        return received.size() > MOST_SHOWN ? all + ", and others" : all;
    }

    private static String text(List<MappingView> mappings) {
        return mappings.isEmpty()
                ? "there is no mapping"
                : mappings.stream()
                        .limit(MOST_SHOWN)
                        .map(mapping -> mapping.protocol().toString().toLowerCase(Locale.ROOT) + " "
                                + mapping.internal() + " at " + mapping.external())
                        .collect(Collectors.joining(", ", "there is ", ""));
    }
}
