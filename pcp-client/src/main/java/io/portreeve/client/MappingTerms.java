package io.portreeve.client;

import io.portreeve.pcp.PcpOption.Filter;
import java.util.List;

/**
 * What a mapping is beside its endpoints and its lifetime.
 *
 * @param filters who gets in; everybody if there is none. RFC 6887 section 13.3
 * @param description for people who look at the server's mappings, empty for none. RFC 7220
 */
public record MappingTerms(List<Filter> filters, String description, PortCount ports) {
    public static final MappingTerms PLAIN = new MappingTerms(List.of(), "", new PortCount.One());

    public MappingTerms {
        filters = List.copyOf(filters);
        if (filters.stream().anyMatch(Filter::isClear)) {
            throw new IllegalArgumentException(
                    "filter with prefix length 0 (expected: no filter, to let everybody in)");
        }
    }
}
