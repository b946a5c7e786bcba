package io.portreeve.netfilter;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A map of a {@link NatTable}. The kernel counts how often each entry was looked up, which is once for each new connection.
 *
 * @param size how many entries it can have at most
 */
public record NatMap(String name, List<Field.Kind> key, List<Field.Kind> value, int size) {

    public NatMap {
        key = List.copyOf(key);
        value = List.copyOf(value);
    }

    /** {@return its declaration as nft reads it} */
    String declaration() {
        return "map " + name + " { type " + type(key) + " : " + type(value) + "; size " + size + "; counter; }\n";
    }

    private static String type(List<Field.Kind> kinds) {
        return kinds.stream().map(kind -> kind.nftType).collect(Collectors.joining(" . "));
    }
}
