package io.portreeve.bench;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The measurements of all rounds, made one for each subject. */
final class Medians {
    private final Map<Subject, Measurement> bySubject = new LinkedHashMap<>();
    private final int rounds;

    Medians(List<Measurement> all) {
        var measured = all.stream()
                .collect(Collectors.groupingBy(Measurement::subject, LinkedHashMap::new, Collectors.toList()));
        measured.forEach((subject, found) -> bySubject.put(subject, Measurement.median(found)));
        rounds = measured.values().stream().mapToInt(List::size).max().orElse(0);
    }

    /** {@return one for each subject, in the order of their first measurements} */
    Collection<Measurement> all() {
        return bySubject.values();
    }

    int rounds() {
        return rounds;
    }

    /** {@return how many times the requests of {@code other} there are of {@code one}, if both were measured} */
    Optional<Double> times(Subject one, Subject other) {
        var below = requests(other).filter(requests -> requests > 0);
        return below.flatMap(divisor -> requests(one).map(requests -> requests / divisor));
    }

    private Optional<Double> requests(Subject subject) {
        return Optional.ofNullable(bySubject.get(subject)).map(Measurement::requests);
    }
}
