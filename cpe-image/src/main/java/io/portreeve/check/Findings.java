package io.portreeve.check;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What one look at all places has found. Places that cannot be read do not keep the others from being compared. */
final class Findings {
    private final List<Comparison> comparisons = new ArrayList<>();
    private final Set<String> failures = new LinkedHashSet<>();

    void compare(String what, Place first, Place second) {
        try {
            comparisons.add(new Comparison(
                    what,
                    first.name(),
                    first.source().lines(),
                    second.name(),
                    second.source().lines()));
        } catch (IOException e) {
            failures.add(e.getMessage());
        }
    }

    List<Comparison> comparisons() {
        return List.copyOf(comparisons);
    }

    /** {@return why places could not be read, a line each} */
    Set<String> failures() {
        return failures;
    }

    boolean allEqual() {
        return comparisons.stream().allMatch(Comparison::isEqual);
    }

    /** {@return true if another look may find less} */
    boolean mayChange() {
        return failures.isEmpty() && !allEqual();
    }
}
