package io.portreeve.server.cgn;

import io.portreeve.netfilter.Element;
import io.portreeve.netfilter.Field;
import io.portreeve.netfilter.Field.Kind;
import io.portreeve.netfilter.NatMap;
import io.portreeve.netfilter.OuterEndpoint;
import io.portreeve.netfilter.Tuple;
import io.portreeve.pcp.PcpAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The rules of a CGN made of nftables: which packet gets which address, and what passes at all.
 *
 * <p>The mappings stand in maps, so the rules stay as they are, however many there are. A subscriber who never asked for
 * anything has the external address that the last octet of its own says, in the kernel and here.
 *
 * @param inside the interface towards the subscribers
 * @param outside the interface towards the internet
 * @param implicit the ports of each external address for traffic that no explicit mapping serves
 */
public record NftablesRules(List<PoolRange> pool, String inside, String outside, PortSpan implicit)
        implements MappingRules {
    private static final String INBOUND = "inbound";
    private static final String OUTBOUND = "outbound";
    private static final String SUBSCRIBERS = "subscribers";

    /** Room for half the ports of four addresses, TCP and UDP. */
    public static final int MOST_MAPPINGS = 1 << 18;

    static final int MOST_SUBSCRIBERS = 1 << 16;
    private static final int OCTET = 1 << 8;

    public NftablesRules {
        pool = List.copyOf(pool);
    }

    /** Checks that a host is one these rules can have: they are of IPv4 alone. */
    static void checkFamily(PcpAddress host) throws CgnException {
        if (!host.isIpv4()) {
            throw new CgnException(CgnError.NOT_AUTHORIZED);
        }
    }

    static List<NatMap> maps() {
        var tuple = List.of(Kind.PROTOCOL, Kind.ADDRESS, Kind.PORT);
        var endpoint = List.of(Kind.ADDRESS, Kind.PORT);
        var maps = List.of(
                new NatMap(INBOUND, tuple, endpoint, MOST_MAPPINGS),
                new NatMap(OUTBOUND, tuple, endpoint, MOST_MAPPINGS),
                new NatMap(SUBSCRIBERS, List.of(Kind.ADDRESS), List.of(Kind.ADDRESS), MOST_SUBSCRIBERS));
        return Stream.of(maps, DynamicRules.maps(), FilterRules.IPV4.sets())
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public List<Element> elements(CgnMapping mapping, CgnFilter filter) {
        return FilterRules.IPV4.elements(mapping, filter);
    }

    @Override
    public List<Element> elements(CgnMapping mapping) {
        var protocol = mapping.protocol();
        var internal = mapping.internal();
        var external = mapping.external();
        return List.of(
                new Element(
                        INBOUND,
                        Tuple.of(protocol, external.address(), external.port()),
                        Tuple.of(internal.address(), internal.port())),
                new Element(
                        OUTBOUND,
                        Tuple.of(protocol, internal.address(), internal.port()),
                        Tuple.of(external.address(), external.port())));
    }

    static Element element(Subscriber subscriber) {
        return new Element(SUBSCRIBERS, Tuple.of(subscriber.id().address()), Tuple.of(subscriber.external()));
    }

    @Override
    public Optional<OuterEndpoint> end(Element element) {
        return switch (element.map()) {
            case INBOUND ->
                Optional.of(end(element.key(), element.key().fields().subList(1, 3)));
            case OUTBOUND -> Optional.of(end(element.key(), element.value().fields()));
            default -> Optional.empty();
        };
    }

    private static OuterEndpoint end(Tuple key, List<Field> endpoint) {
        var protocol = (Field.Protocol) key.fields().getFirst();
        var address = (Field.Address) endpoint.getFirst();
        var port = (Field.Port) endpoint.getLast();
        return new OuterEndpoint(protocol.protocol(), address.address(), port.port());
    }

    /** {@return the address that a subscriber's traffic has before it ever asks for a mapping} */
    PcpAddress externalOf(SubscriberId id) {
        var addresses = addresses();
        return addresses.get((int) (id.address().low() % OCTET) % addresses.size());
    }

    private List<PcpAddress> addresses() {
        return pool.stream().map(PoolRange::external).distinct().toList();
    }

    /** {@return the chains while the server restores its mappings: what has no explicit one must not take its port} */
    @Override
    public String locked() {
        return chains("counter drop comment \"locked\"");
    }

    /** {@return the chains while the server serves} What has no port, and is no ping, cannot share an address. */
    @Override
    public String unlocked() {
        return chains("""
                meta l4proto { tcp, udp } snat to ip saddr map @subscribers : %1$s fully-random
                meta l4proto { tcp, udp } snat to %2$s : %1$s fully-random
                meta l4proto icmp snat to ip saddr map @subscribers
                meta l4proto icmp snat to %2$s
                counter drop
                """.formatted(implicit, byLastOctet()));
    }

    /** A map as small as it can be: an anonymous one has no remainder, only a mask. */
    private String byLastOctet() {
        var addresses = addresses();
        int size = OCTET % addresses.size() == 0 ? Math.max(2, addresses.size()) : OCTET;
        return IntStream.range(0, size)
                .mapToObj(octet -> "0.0.0." + octet + " : " + addresses.get(octet % addresses.size()))
                .collect(Collectors.joining(", ", "ip saddr & 0.0.0." + (size - 1) + " map { ", " }"));
    }

    /**
     * What is still addressed to the pool when the maps and the connections have had their turn is nobody's. It is dropped
     * before it is routed, so that nothing answers it: RFC 5382 REQ-4. Nor does the PCP server hear of requests that come where
     * no subscriber is, whichever of this machine's addresses they are sent to: RFC 6887 section 8.2.
     */
    private String chains(String implicitMappings) {
        return """
                chain prerouting {
                    type nat hook prerouting priority dstnat;
                    dnat ip to meta l4proto . ip daddr . th dport map @inbound
                    %5$s
                }
                chain unsolicited {
                    type filter hook prerouting priority dstnat + 10;
                    ip daddr { %1$s } counter drop
                }
                chain requests {
                    type filter hook input priority filter;
                    iifname "%3$s" udp dport { 5350, 5351 } counter drop
                }
                chain forward {
                    type filter hook forward priority filter;
                    iifname "%2$s" ct state invalid counter drop
                    iifname "%3$s" oifname "%2$s" ct state established,related accept
                    iifname "%3$s" oifname "%2$s" ct status dnat accept
                    iifname "%3$s" oifname "%2$s" counter drop
                }
                chain postrouting {
                    type nat hook postrouting priority srcnat;
                    iifname != "%2$s" return
                    oifname != "%3$s" ct status ! dnat return
                    %6$s
                    snat ip to meta l4proto . ip saddr . th sport map @outbound
                    %4$s
                }
                """.formatted(
                                addresses().stream().map(PcpAddress::toString).collect(Collectors.joining(", ")),
                                inside,
                                outside,
                                implicitMappings,
                                DynamicRules.INBOUND,
                                DynamicRules.OUTBOUND)
                + FilterRules.IPV4.chains(inside, outside);
    }
}
