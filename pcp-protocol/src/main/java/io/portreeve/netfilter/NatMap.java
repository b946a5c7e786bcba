package io.portreeve.netfilter;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A map of a {@link NatTable}, or a set. The kernel counts how often each entry was looked up, which is once for each new
 * connection where the rules of a nat chain do it.
 *
 * @param value nothing for a set
 * @param size how many entries it can have at most
 */
public record NatMap(String name, List<Field.Kind> key, List<Field.Kind> value, int size) {

    public NatMap {
        key = List.copyOf(key);
        value = List.copyOf(value);
    }

    /** {@return a set, whose entries have no value} */
    public static NatMap set(String name, List<Field.Kind> key, int size) {
        return new NatMap(name, key, List.of(), size);
    }

    /** {@return its declaration as nft reads it} */
    String declaration() {
        var kind = value.isEmpty() ? "set " : "map ";
        var type = value.isEmpty() ? type(key) : type(key) + " : " + type(value);
        return kind + name + " { type " + type + "; size " + size + "; counter; }\n";
    }

    private static String type(List<Field.Kind> kinds) {
        return kinds.stream().map(kind -> kind.nftType).collect(Collectors.joining(" . "));
    }
}
