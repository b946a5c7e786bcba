package io.portreeve.server.cgn;

import io.portreeve.netfilter.Element;
import io.portreeve.netfilter.Field.Kind;
import io.portreeve.netfilter.NatMap;
import io.portreeve.netfilter.Tuple;
import io.portreeve.pcp.PcpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The filters of explicit mappings as nftables has them.
 *
 * <p>Whatever goes to a filtered endpoint is looked up in a table of hosts, and then once for each length a prefix can have,
 * in one of networks: that takes the same time however many filters there are. Each mapping stands there twice: with its
 * external endpoint, for what comes from the internet, and with its internal one, for what comes from another subscriber,
 * whose external address is not known before it has been translated.
 */
final class FilterRules {
    private static final String FILTERED = "filtered";
    private static final String HOSTS = "hosts";
    private static final String HOST_PORTS = "host_ports";
    private static final String NETWORKS = "networks";
    private static final String NETWORK_PORTS = "network_ports";
    static final int MOST = 1 << 16;
    private static final int ADDRESS_BITS = 32;
    private static final int IPV4_PREFIX = 96;

    private FilterRules() {}

    static List<NatMap> sets() {
        int size = 2 * MOST;
        var endpoint = List.of(Kind.PROTOCOL, Kind.ADDRESS, Kind.PORT);
        var address = List.of(Kind.PROTOCOL, Kind.ADDRESS, Kind.PORT, Kind.ADDRESS);
        var port = List.of(Kind.PROTOCOL, Kind.ADDRESS, Kind.PORT, Kind.ADDRESS, Kind.PORT);
        return List.of(
                NatMap.set(FILTERED, endpoint, size),
                NatMap.set(HOSTS, address, size),
                NatMap.set(HOST_PORTS, port, size),
                NatMap.set(NETWORKS, address, size),
                NatMap.set(NETWORK_PORTS, port, size));
    }

    static List<Element> elements(CgnMapping mapping, CgnFilter filter) {
        var elements = new ArrayList<Element>();
        for (var end : List.of(mapping.external(), mapping.internal())) {
            var to = Tuple.of(mapping.protocol(), end.address(), end.port());
            elements.add(Element.of(FILTERED, to));
            elements.add(admission(to, filter));
        }
        return elements;
    }

    private static Element admission(Tuple to, CgnFilter filter) {
        int length = filter.prefixLength() - IPV4_PREFIX;
        boolean host = length == ADDRESS_BITS;
        var remote = host ? filter.remote() : marked(filter.remote(), length);
        return filter.remotePort() == 0
                ? Element.of(host ? HOSTS : NETWORKS, to.and(Tuple.of(remote)))
                : Element.of(host ? HOST_PORTS : NETWORK_PORTS, to.and(Tuple.of(remote, filter.remotePort())));
    }

    /** Its first bit behind the prefix is set, so that 10.0.0.0/8 is another entry than 10.0.0.0/24. */
    private static PcpAddress marked(PcpAddress network, int length) {
        return PcpAddress.ofIpv4((int) network.low() | mark(length));
    }

    private static int mark(int length) {
        return 1 << ADDRESS_BITS - 1 - length;
    }

    /** RFC 6887 section 13.3: what does not match is dropped, whatever it answers to. So that costs no connection either. */
    static String chains(String inside, String outside) {
        return """
                chain admission {
                %1$s
                    counter drop
                }
                chain filters {
                    type filter hook prerouting priority raw;
                    iifname "%3$s" meta l4proto . ip daddr . th dport @filtered goto admission
                }
                chain inner_filters {
                    type filter hook postrouting priority srcnat + 10;
                    iifname "%2$s" oifname "%2$s" ct status dnat meta l4proto . ip daddr . th dport @filtered goto admission
                }
                """.formatted(admissions(), inside, outside);
    }

    private static String admissions() {
        var networks = IntStream.range(0, ADDRESS_BITS)
                .map(shorter -> ADDRESS_BITS - 1 - shorter)
                .mapToObj(length -> admission(
                        "(ip saddr & %s | %s)".formatted(quad(-2 * mark(length)), quad(mark(length))),
                        NETWORKS,
                        NETWORK_PORTS));
        return admission("ip saddr", HOSTS, HOST_PORTS) + networks.collect(Collectors.joining());
    }

    private static PcpAddress quad(int bits) {
        return PcpAddress.ofIpv4(bits);
    }

    private static String admission(String source, String anyPort, String onePort) {
        return """
                meta l4proto . ip daddr . th dport . %1$s @%2$s accept
                meta l4proto . ip daddr . th dport . %1$s . th sport @%3$s accept
                """.formatted(source, anyPort, onePort);
    }
}
