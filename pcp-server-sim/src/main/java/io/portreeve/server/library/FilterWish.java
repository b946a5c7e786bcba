package io.portreeve.server.library;

import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.server.cgn.CgnFilter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * What the FILTER options of a request come to, one after the other. Source: RFC 6887 section 13.3.
 *
 * @param clears the filters that are there go first
 */
record FilterWish(boolean clears, List<CgnFilter> added) {

    static FilterWish of(List<Filter> options) {
        boolean clears = false;
        var added = new ArrayList<CgnFilter>();
        for (var option : options) {
            if (option.isClear()) {
                clears = true;
                added.clear();
            } else {
                added.add(new CgnFilter(option.prefixLength(), option.remote(), option.remotePort()));
            }
        }
        return new FilterWish(clears, List.copyOf(added));
    }

    /** {@return the filters of a mapping that had {@code present}} */
    List<CgnFilter> after(List<CgnFilter> present) {
        var filters = new LinkedHashSet<>(clears ? List.<CgnFilter>of() : present);
        filters.addAll(added);
        return List.copyOf(filters);
    }
}
