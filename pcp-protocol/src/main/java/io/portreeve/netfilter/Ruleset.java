package io.portreeve.netfilter;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** A table as nft reads it: its name, its maps, its chains. */
record Ruleset(String name, List<NatMap> maps, String chains) {

    Ruleset {
        maps = List.copyOf(maps);
    }

    Ruleset with(String otherChains) {
        return new Ruleset(name, maps, otherChains);
    }

    /** {@return what replaces the table, whether it is there or not, by this one with these entries, in one transaction} */
    String script(Collection<Element> elements) {
        var script = new StringBuilder();
        script.append("table ip ")
                .append(name)
                .append(" {}\ndelete table ip ")
                .append(name)
                .append('\n');
        script.append("table ip ").append(name).append(" {\n");
        maps.forEach(map -> script.append(map.declaration()));
        script.append(chains).append("\n}\n");
        var byMap = elements.stream().collect(Collectors.groupingBy(Element::map));
        byMap.forEach((map, entries) -> script.append("add element ip ")
                .append(name)
                .append(' ')
                .append(map)
                .append(" { ")
                .append(entries.stream()
                        .map(it -> it.key() + " : " + it.value())
                        .collect(Collectors.joining(",\n")))
                .append(" }\n"));
        return script.toString();
    }
}
