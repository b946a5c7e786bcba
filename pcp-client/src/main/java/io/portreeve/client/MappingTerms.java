package io.portreeve.client;

import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.Description;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.pcp.PcpOption.ThirdParty;
import java.util.ArrayList;
import java.util.List;

/**
 * What a mapping is beside its endpoints and its lifetime.
 *
 * @param filters who gets in; everybody if there is none. RFC 6887 section 13.3
 * @param description for people who look at the server's mappings, empty for none; about 980 octets of UTF-8 at most, less 24 for
 *     each filter. RFC 7220
 */
public record MappingTerms(List<Filter> filters, String description, PortCount ports) {
    /** What a request may have to say at the same time: for another host, without the filters it had, several ports. */
    private static final List<PcpOption> BESIDE = List.of(
            new ThirdParty(PcpAddress.ANY_IPV4), new Filter(0, 0, PcpAddress.ANY_IPV4), new PortSet(2, 1, true));

    public static final MappingTerms PLAIN = new MappingTerms(List.of(), "", new PortCount.One());

    public MappingTerms {
        filters = List.copyOf(filters);
        if (filters.stream().anyMatch(Filter::isClear)) {
            throw new IllegalArgumentException(
                    "filter with prefix length 0 (expected: no filter, to let everybody in)");
        }
        if (!Opcode.MAP.hasRoomFor(most(filters, description))) {
            throw new IllegalArgumentException("filters and description: too long for one message of "
                    + PcpMessage.MAX_SIZE + " octets, which the answer repeats (RFC 6887 section 7.3)");
        }
    }

    private static List<PcpOption> most(List<Filter> filters, String description) {
        var options = new ArrayList<>(BESIDE);
        options.addAll(filters);
        options.add(new Description(description));
        return options;
    }
}
