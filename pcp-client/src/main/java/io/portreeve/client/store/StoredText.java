package io.portreeve.client.store;

import io.portreeve.client.PortCount;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Filter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Filters and counts of ports as they stand in a row. What nobody wrote is an {@code IllegalArgumentException}. */
final class StoredText {
    private static final String BETWEEN = " ";

    private StoredText() {}

    /** {@return each as {@code address/prefix-length/port}, the prefix length as in the option} */
    static String of(List<Filter> filters) {
        return filters.stream()
                .map(filter -> filter.remote() + "/" + filter.prefixLength() + "/" + filter.remotePort())
                .collect(Collectors.joining(BETWEEN));
    }

    static List<Filter> filters(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(BETWEEN)).map(StoredText::filter).toList();
    }

    private static Filter filter(String text) {
        var parts = text.split("/");
        if (parts.length != 3) {
            throw new IllegalArgumentException("filter " + text);
        }
        return new Filter(Integer.parseInt(parts[1]), Integer.parseInt(parts[2]), PcpAddress.parse(parts[0]));
    }

    static String of(PortCount ports) {
        return switch (ports) {
            case PortCount.One() -> "one";
            case PortCount.Pair() -> "pair";
            case PortCount.Several(int size, boolean parity) -> size + (parity ? " parity" : "");
        };
    }

    static PortCount ports(String text) {
        return switch (text) {
            case "one" -> new PortCount.One();
            case "pair" -> new PortCount.Pair();
            default -> new PortCount.Several(Integer.parseInt(text.replace(" parity", "")), text.endsWith(" parity"));
        };
    }
}
