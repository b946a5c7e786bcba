package io.portreeve.netfilter;

/** One entry of an nftables map. */
public record Element(String map, Tuple key, Tuple value) {

    @Override
    public String toString() {
        return map + " { " + key + " : " + value + " }";
    }
}
