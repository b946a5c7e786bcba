package io.portreeve.bench;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the chain is expected to do, and what it did. */
final class Expectations {
    private static final double EVEN = 0.8;

    private final Medians medians;

    Expectations(Medians medians) {
        this.medians = medians;
    }

    /** {@return one line for each expectation that was measured} */
    String text() {
        return chains().flatMap(chain -> Stream.of(againstTheirs(chain), againstSmallest(chain)))
                .flatMap(Optional::stream)
                .collect(Collectors.joining());
    }

    private Stream<Subject> chains() {
        return medians.all().stream()
                .map(Measurement::subject)
                .filter(subject -> subject.what().equals(Subject.CHAIN));
    }

    private Optional<String> againstTheirs(Subject chain) {
        return switch (chain.tableSize()) {
            case 100 -> line(chain, chain.of(Subject.MINIUPNPD), "miniupnpd", 1.5);
            case 1_000 -> line(chain, chain.of(Subject.MINIUPNPD), "miniupnpd", 10);
            default -> Optional.empty();
        };
    }

    /** Only the largest table: what lies between is in the table of measurements. */
    private Optional<String> againstSmallest(Subject chain) {
        int largest = sizes().max().orElseThrow();
        int smallest = sizes().min().orElseThrow();
        return Optional.of(chain)
                .filter(it -> it.tableSize() == largest && largest > smallest)
                .flatMap(it -> line(it, it.withTableSize(smallest), "itself at " + smallest, EVEN));
    }

    private IntStream sizes() {
        return chains().mapToInt(Subject::tableSize);
    }

    private Optional<String> line(Subject chain, Subject other, String otherName, double expected) {
        return medians.times(chain, other)
                .map(times -> String.format(
                        Locale.ROOT,
                        "chain at %,d, %d at once: %.1f times %s (expected %.1f)%s%n",
                        chain.tableSize(),
                        chain.callers(),
                        times,
                        otherName,
                        expected,
                        times < expected ? ": below" : ""));
    }
}
