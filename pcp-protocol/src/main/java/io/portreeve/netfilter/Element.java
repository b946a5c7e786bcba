package io.portreeve.netfilter;

/**
 * One entry of an nftables map, or of a set.
 *
 * @param value {@link Tuple#EMPTY} for a set
 */
public record Element(String map, Tuple key, Tuple value) {

    /** {@return an entry of a set} */
    public static Element of(String set, Tuple key) {
        return new Element(set, key, Tuple.EMPTY);
    }

    boolean hasValue() {
        return !value.equals(Tuple.EMPTY);
    }

    /** {@return the entry as nft reads it between the braces} */
    String text() {
        return hasValue() ? key + " : " + value : key.toString();
    }

    @Override
    public String toString() {
        return map + " { " + text() + " }";
    }
}
