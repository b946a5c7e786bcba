package io.portreeve.netfilter;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** A table as nft reads it: its family and name, its maps, its chains. */
record Ruleset(TableFamily family, String name, List<NatMap> maps, String chains) {

    Ruleset {
        maps = List.copyOf(maps);
    }

    Ruleset with(String otherChains) {
        return new Ruleset(family, name, maps, otherChains);
    }

    /** {@return what nft calls the table: {@code ip portreeve}} */
    String table() {
        return family.nftName + " " + name;
    }

    /**
     * {@return what makes the table if it is not there, and its rules these if it is, in one transaction} Entries of maps stay.
     * Nft refuses it if the maps are of another kind.
     */
    String renewal() {
        return begin() + "}\nflush table " + table() + "\ntable " + table() + " {\n" + chains + "\n}\n";
    }

    private String begin() {
        return maps.stream().map(NatMap::declaration).collect(Collectors.joining("", "table " + table() + " {\n", ""));
    }

    /** {@return what replaces the table, whether it is there or not, by this one with these entries, in one transaction} */
    String script(Collection<Element> elements) {
        var script = new StringBuilder();
        script.append("table ")
                .append(table())
                .append(" {}\ndelete table ")
                .append(table())
                .append('\n');
        script.append(begin()).append(chains).append("\n}\n");
        var byMap = elements.stream().collect(Collectors.groupingBy(Element::map));
        byMap.forEach((map, entries) -> script.append("add element ")
                .append(table())
                .append(' ')
                .append(map)
                .append(" { ")
                .append(entries.stream().map(Element::text).collect(Collectors.joining(",\n")))
                .append(" }\n"));
        return script.toString();
    }
}
