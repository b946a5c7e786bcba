package io.portreeve.server.engine;

import io.portreeve.pcp.PcpOption.Filter;
import java.util.List;
import java.util.Optional;

/** FILTER options, one after the other. The CGN has one filter for each mapping. Source: RFC 6887 section 13.3. */
final class Filters {
    private Filters() {}

    /** {@return what {@code options} make of the {@code present} filter; empty if that would be more than one} */
    static Optional<Optional<Filter>> of(Optional<Filter> present, List<Filter> options) {
        var filter = present;
        for (var option : options) {
            if (option.isClear()) {
                filter = Optional.empty();
            } else if (filter.isEmpty()) {
                filter = Optional.of(option);
            } else if (!filter.get().equals(option)) {
                return Optional.empty();
            }
        }
        return Optional.of(filter);
    }
}
