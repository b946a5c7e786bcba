package io.portreeve.netfilter;

import java.util.List;

/**
 * What is to become different, all of it or nothing.
 *
 * @param added an entry of the same map and key is replaced
 * @param removed what is not there is no error
 * @param ended whose connections are cut when the entries are gone
 */
public record TableChange(List<Element> added, List<Element> removed, List<OuterEndpoint> ended) {

    public TableChange {
        added = List.copyOf(added);
        removed = List.copyOf(removed);
        ended = List.copyOf(ended);
    }
}
