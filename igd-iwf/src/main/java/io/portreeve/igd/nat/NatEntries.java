package io.portreeve.igd.nat;

import io.portreeve.igd.iwf.NatChange;
import io.portreeve.igd.iwf.NatRule;
import io.portreeve.netfilter.Element;
import io.portreeve.netfilter.Tuple;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the two maps of the NAT have for the rules there are. A host's endpoint may be reached by several NAT ports, but what it
 * sends leaves by one: the oldest.
 */
final class NatEntries {
    static final String INBOUND = "inbound";
    static final String OUTBOUND = "outbound";

    private record Endpoint(IpProtocol protocol, PcpAddress host, int port) {
        static Endpoint of(NatRule rule) {
            return new Endpoint(rule.protocol(), rule.internalClient(), rule.internalPort());
        }

        Set<Element> elements(List<Integer> natPorts) {
            var elements = new HashSet<Element>();
            natPorts.forEach(
                    port -> elements.add(new Element(INBOUND, Tuple.of(protocol, port), Tuple.of(host, this.port))));
            natPorts.stream()
                    .limit(1)
                    .forEach(oldest ->
                            elements.add(new Element(OUTBOUND, Tuple.of(protocol, host, this.port), Tuple.of(oldest))));
            return elements;
        }
    }

    /**
     * What becomes of one endpoint.
     *
     * @param before the NAT ports that lead to it, the oldest first
     */
    record Step(Endpoint endpoint, List<Integer> before, List<Integer> after) {

        boolean isNothing() {
            return before.equals(after);
        }

        List<Element> added() {
            return difference(endpoint.elements(after), endpoint.elements(before));
        }

        List<Element> removed() {
            return difference(endpoint.elements(before), endpoint.elements(after));
        }

        private static List<Element> difference(Set<Element> these, Set<Element> those) {
            return these.stream().filter(it -> !those.contains(it)).toList();
        }
    }

    private final Map<Endpoint, List<Integer>> portsOf = new HashMap<>();

    /** {@return what {@code change} takes} Nothing has changed before {@link #done}. */
    Step step(NatChange change) {
        var endpoint = Endpoint.of(change.rule());
        int port = port(change.rule());
        var before = portsOf.getOrDefault(endpoint, List.of());
        var others = before.stream().filter(it -> it != port);
        return new Step(
                endpoint,
                before,
                switch (change) {
                    case NatChange.Install _ when before.contains(port) -> before;
                    case NatChange.Install _ ->
                        Stream.concat(others, Stream.of(port)).toList();
                    case NatChange.Remove _ -> others.toList();
                });
    }

    static int port(NatRule rule) {
        return rule.natPort().orElseThrow();
    }

    void done(Step step) {
        if (step.after().isEmpty()) {
            portsOf.remove(step.endpoint());
        } else {
            portsOf.put(step.endpoint(), step.after());
        }
    }

    Set<Element> all() {
        var all = new HashSet<Element>();
        portsOf.forEach((endpoint, ports) -> all.addAll(endpoint.elements(ports)));
        return all;
    }
}
