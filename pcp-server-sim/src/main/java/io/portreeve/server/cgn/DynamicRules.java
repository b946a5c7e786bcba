package io.portreeve.server.cgn;

import io.portreeve.netfilter.Element;
import io.portreeve.netfilter.Field.Kind;
import io.portreeve.netfilter.NatMap;
import io.portreeve.netfilter.OuterEndpoint;
import io.portreeve.netfilter.Tuple;
import java.util.List;

/** The implicit mappings that a CGN was asked for as nftables has them: each way by a map of the whole five-tuple. */
final class DynamicRules {
    private static final String PEERS_IN = "peers_in";
    private static final String PEERS_OUT = "peers_out";
    static final int MOST = 1 << 16;

    static final String INBOUND =
            "dnat ip to meta l4proto . ip daddr . th dport . ip saddr . th sport map @" + PEERS_IN;
    static final String OUTBOUND =
            "snat ip to meta l4proto . ip saddr . th sport . ip daddr . th dport map @" + PEERS_OUT;

    private DynamicRules() {}

    static List<NatMap> maps() {
        var traffic = List.of(Kind.PROTOCOL, Kind.ADDRESS, Kind.PORT, Kind.ADDRESS, Kind.PORT);
        var endpoint = List.of(Kind.ADDRESS, Kind.PORT);
        return List.of(new NatMap(PEERS_IN, traffic, endpoint, MOST), new NatMap(PEERS_OUT, traffic, endpoint, MOST));
    }

    static List<Element> elements(DynamicMaps.Entry entry) {
        var protocol = entry.traffic().protocol();
        var internal = entry.traffic().internal();
        var remote = entry.traffic().remote();
        var external = entry.external();
        return List.of(
                new Element(
                        PEERS_IN,
                        Tuple.of(protocol, external.address(), external.port()).and(end(remote)),
                        end(internal)),
                new Element(
                        PEERS_OUT,
                        Tuple.of(protocol, internal.address(), internal.port()).and(end(remote)),
                        end(external)));
    }

    private static Tuple end(Endpoint endpoint) {
        return Tuple.of(endpoint.address(), endpoint.port());
    }

    static OuterEndpoint outerEnd(DynamicMaps.Entry entry) {
        var external = entry.external();
        return new OuterEndpoint(entry.traffic().protocol(), external.address(), external.port());
    }
}
