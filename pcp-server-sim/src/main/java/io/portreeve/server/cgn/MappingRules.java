package io.portreeve.server.cgn;

import io.portreeve.netfilter.Element;
import io.portreeve.netfilter.OuterEndpoint;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How explicit mappings and their filters stand in the maps of a table in the kernel. */
interface MappingRules {
    List<Element> elements(CgnMapping mapping);

    List<Element> elements(CgnMapping mapping, CgnFilter filter);

    /** {@return what packets meet as long as no implicit mapping may be made} */
    String locked();

    /** {@return what they meet from the unlock on} */
    String unlocked();

    /** {@return the external endpoint of an entry of a mapping; empty for another} Its connections are cut when it goes. */
    Optional<OuterEndpoint> end(Element element);

    default List<Element> elements(CgnTable.Filtered deleted) {
        var filter = deleted.filter().map(it -> elements(deleted.mapping(), it));
        return Stream.concat(
                        elements(deleted.mapping()).stream(), filter.stream().flatMap(List::stream))
                .toList();
    }
}
