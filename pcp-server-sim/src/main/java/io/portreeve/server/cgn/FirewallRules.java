package io.portreeve.server.cgn;

import io.portreeve.netfilter.Element;
import io.portreeve.netfilter.Field;
import io.portreeve.netfilter.Field.Kind;
import io.portreeve.netfilter.NatMap;
import io.portreeve.netfilter.OuterEndpoint;
import io.portreeve.netfilter.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The rules of a firewall made of nftables, which translates nothing: what comes to the inside passes if somebody there began it,
 * or if there is a mapping. Source: RFC 6092 section 3.
 *
 * @param inside the interface towards the subscribers
 * @param outside the interface towards the internet
 */
public record FirewallRules(String inside, String outside) implements MappingRules {
    private static final String OPEN = "open";
    private static final String OPEN6 = "open6";

    static List<NatMap> maps() {
        var open = List.of(
                NatMap.set(OPEN, List.of(Kind.PROTOCOL, Kind.ADDRESS, Kind.PORT), NftablesRules.MOST_MAPPINGS),
                NatMap.set(OPEN6, List.of(Kind.PROTOCOL, Kind.ADDRESS6, Kind.PORT), NftablesRules.MOST_MAPPINGS));
        return Stream.of(open, FilterRules.IPV4.sets(), FilterRules.IPV6.sets())
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public List<Element> elements(CgnMapping mapping) {
        var end = mapping.external();
        var set = end.address().isIpv4() ? OPEN : OPEN6;
        return List.of(Element.of(set, Tuple.of(mapping.protocol(), end.address(), end.port())));
    }

    @Override
    public List<Element> elements(CgnMapping mapping, CgnFilter filter) {
        return FilterRules.of(mapping).elements(mapping, filter);
    }

    @Override
    public Optional<OuterEndpoint> end(Element element) {
        if (!element.map().equals(OPEN) && !element.map().equals(OPEN6)) {
            return Optional.empty();
        }
        var fields = element.key().fields();
        var protocol = ((Field.Protocol) fields.get(0)).protocol();
        var address = ((Field.Address) fields.get(1)).address();
        return Optional.of(new OuterEndpoint(protocol, address, ((Field.Port) fields.get(2)).port()));
    }

    /** {@return the chains while the server restores its mappings: as in every CGN nothing begins from inside} */
    @Override
    public String locked() {
        return chains(
                "iifname \"" + inside + "\" oifname \"" + outside + "\" ct state new counter drop comment \"locked\"");
    }

    /** {@return the chains while the server serves} */
    @Override
    public String unlocked() {
        return chains("");
    }

    /**
     * A TCP connection that was cut must not begin again in the middle because its inner end has something to say. Nor does the PCP
     * server hear of requests that come where no subscriber is: RFC 6887 section 8.2.
     */
    private String chains(String beginnings) {
        return FilterRules.IPV4.admission()
                + FilterRules.IPV6.admission()
                + """
                chain requests {
                    type filter hook input priority filter;
                    iifname "%2$s" udp dport { 5350, 5351 } counter drop
                }
                chain inwards {
                    %4$s
                    %5$s
                    ct state established,related accept
                    meta l4proto . ip daddr . th dport @%6$s accept
                    meta l4proto . ip6 daddr . th dport @%7$s accept
                    counter drop
                }
                chain forward {
                    type filter hook forward priority filter;
                    iifname { "%1$s", "%2$s" } ct state invalid counter drop
                    iifname "%1$s" ct state new tcp flags & (fin | syn | rst | ack) != syn counter drop
                    oifname "%1$s" goto inwards
                    %3$s
                }
                """.formatted(
                                inside,
                                outside,
                                beginnings,
                                FilterRules.IPV4.filtered(),
                                FilterRules.IPV6.filtered(),
                                OPEN,
                                OPEN6);
    }
}
