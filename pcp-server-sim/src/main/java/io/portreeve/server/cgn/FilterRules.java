package io.portreeve.server.cgn;

import io.portreeve.netfilter.Element;
import io.portreeve.netfilter.Field.Kind;
import io.portreeve.netfilter.NatMap;
import io.portreeve.netfilter.Tuple;
import io.portreeve.pcp.PcpAddress;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The filters of explicit mappings as nftables has them.
 *
 * <p>Whatever goes to a filtered endpoint is looked up in a table of hosts, and then once for each length a prefix can have,
 * in one of networks: that takes the same time however many filters there are. Each mapping stands there twice: with its
 * external endpoint, for what comes from the internet, and with its internal one, for what comes from another subscriber,
 * whose external address is not known before it has been translated. Where nothing is translated both are one.
 *
 * @param nft what nft calls the protocol
 * @param address the kind of its addresses, which are of so many {@code bits}
 * @param suffix of the names of the sets
 */
record FilterRules(String nft, Kind address, int bits, String suffix) {
    static final FilterRules IPV4 = new FilterRules("ip", Kind.ADDRESS, 32, "");
    static final FilterRules IPV6 = new FilterRules("ip6", Kind.ADDRESS6, 128, "6");
    static final int MOST = 1 << 16;
    private static final String FILTERED = "filtered";
    private static final String HOSTS = "hosts";
    private static final String HOST_PORTS = "host_ports";
    private static final String NETWORKS = "networks";
    private static final String NETWORK_PORTS = "network_ports";

    /** Of the 128 bits in which IPv4 addresses are the last 32. */
    private static final int ALL_BITS = 128;

    static FilterRules of(CgnMapping mapping) {
        return mapping.external().address().isIpv4() ? IPV4 : IPV6;
    }

    List<NatMap> sets() {
        int size = 2 * MOST;
        var endpoint = List.of(Kind.PROTOCOL, address, Kind.PORT);
        var host = List.of(Kind.PROTOCOL, address, Kind.PORT, address);
        var hostAndPort = List.of(Kind.PROTOCOL, address, Kind.PORT, address, Kind.PORT);
        return List.of(
                NatMap.set(FILTERED + suffix, endpoint, size),
                NatMap.set(HOSTS + suffix, host, size),
                NatMap.set(HOST_PORTS + suffix, hostAndPort, size),
                NatMap.set(NETWORKS + suffix, host, size),
                NatMap.set(NETWORK_PORTS + suffix, hostAndPort, size));
    }

    List<Element> elements(CgnMapping mapping, CgnFilter filter) {
        return Stream.of(mapping.external(), mapping.internal())
                .distinct()
                .map(end -> Tuple.of(mapping.protocol(), end.address(), end.port()))
                .flatMap(to -> Stream.of(Element.of(FILTERED + suffix, to), admission(to, filter)))
                .toList();
    }

    private Element admission(Tuple to, CgnFilter filter) {
        boolean host = filter.prefixLength() == ALL_BITS;
        var remote = host ? filter.remote() : marked(filter.remote(), filter.prefixLength());
        return filter.remotePort() == 0
                ? Element.of((host ? HOSTS : NETWORKS) + suffix, to.and(Tuple.of(remote)))
                : Element.of(
                        (host ? HOST_PORTS : NETWORK_PORTS) + suffix, to.and(Tuple.of(remote, filter.remotePort())));
    }

    /** Its first bit behind the prefix is set, so that 10.0.0.0/8 is another entry than 10.0.0.0/24. */
    private static PcpAddress marked(PcpAddress network, int length) {
        return length < Long.SIZE
                ? new PcpAddress(network.high() | Long.MIN_VALUE >>> length, network.low())
                : new PcpAddress(network.high(), network.low() | Long.MIN_VALUE >>> length - Long.SIZE);
    }

    /** RFC 6887 section 13.3: what does not match is dropped, whatever it answers to. So that costs no connection either. */
    String chains(String inside, String outside) {
        return admission() + """
                chain filters {
                    type filter hook prerouting priority raw;
                    iifname "%3$s" %1$s
                }
                chain inner_filters {
                    type filter hook postrouting priority srcnat + 10;
                    iifname "%2$s" oifname "%2$s" ct status dnat %1$s
                }
                """.formatted(filtered(), inside, outside);
    }

    /** {@return the rule for what a filter says whether it passes} */
    String filtered() {
        return "meta l4proto . %1$s daddr . th dport @%2$s%3$s goto admission%3$s".formatted(nft, FILTERED, suffix);
    }

    /** {@return the chain that has a packet pass to a filtered endpoint, or drops it} */
    String admission() {
        return """
                chain admission%1$s {
                %2$s
                    counter drop
                }
                """.formatted(suffix, admissions());
    }

    private String admissions() {
        var ones = address == Kind.ADDRESS ? PcpAddress.ofIpv4(-1) : new PcpAddress(-1, -1);
        var networks = IntStream.range(0, bits)
                .map(shorter -> bits - 1 - shorter)
                .map(length -> ALL_BITS - bits + length)
                .mapToObj(length -> admission(
                        "(%s saddr & %s | %s)".formatted(nft, ones.prefix(length), marked(none(), length)),
                        NETWORKS,
                        NETWORK_PORTS));
        return admission(nft + " saddr", HOSTS, HOST_PORTS) + networks.collect(Collectors.joining());
    }

    private PcpAddress none() {
        return address == Kind.ADDRESS ? PcpAddress.ANY_IPV4 : PcpAddress.ANY_IPV6;
    }

    private String admission(String source, String anyPort, String onePort) {
        return """
                meta l4proto . %1$s daddr . th dport . %2$s @%3$s accept
                meta l4proto . %1$s daddr . th dport . %2$s . th sport @%4$s accept
                """.formatted(nft, source, anyPort + suffix, onePort + suffix);
    }
}
