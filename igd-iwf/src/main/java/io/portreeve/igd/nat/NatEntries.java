package io.portreeve.igd.nat;

import io.portreeve.igd.iwf.NatChange;
import io.portreeve.igd.iwf.NatRule;
import io.portreeve.netfilter.Element;
import io.portreeve.netfilter.Tuple;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.util.ArrayList;
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

        Element inbound(int natPort) {
            return new Element(INBOUND, Tuple.of(protocol, natPort), Tuple.of(host, port));
        }

        Element outbound(int natPort) {
            return new Element(OUTBOUND, Tuple.of(protocol, host, port), Tuple.of(natPort));
        }
    }

    /**
     * What becomes of one endpoint.
     *
     * @param natPort the one that leads to it from now on, or no more
     * @param before all that lead to it, the oldest first
     */
    record Step(Endpoint endpoint, int natPort, List<Integer> before, List<Integer> after) {

        boolean isNothing() {
            return before.size() == after.size();
        }

        List<Element> added() {
            return gained(before, after);
        }

        List<Element> removed() {
            return gained(after, before);
        }

        private List<Element> gained(List<Integer> from, List<Integer> to) {
            var gained = new ArrayList<Element>();
            if (to.size() > from.size()) {
                gained.add(endpoint.inbound(natPort));
            }
            if (!to.isEmpty() && (from.isEmpty() || !to.getFirst().equals(from.getFirst()))) {
                gained.add(endpoint.outbound(to.getFirst()));
            }
            return gained;
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
                port,
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
        portsOf.forEach((endpoint, ports) -> {
            ports.forEach(port -> all.add(endpoint.inbound(port)));
            all.add(endpoint.outbound(ports.getFirst()));
        });
        return all;
    }
}
