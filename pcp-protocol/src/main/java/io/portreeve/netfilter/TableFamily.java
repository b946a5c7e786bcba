package io.portreeve.netfilter;

import java.util.List;

/** Which packets the rules of a table see. */
public enum TableFamily {
    /** IPv4. */
    IP("ip", 2, List.of("net.ipv4.ip_forward")),

    /** IPv4 and IPv6. */
    INET("inet", 1, List.of("net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"));

    final String nftName;
    final int number;

    /** What must be on for these packets to be forwarded. */
    final List<String> forwarding;

    TableFamily(String nftName, int number, List<String> forwarding) {
        this.nftName = nftName;
        this.number = number;
        this.forwarding = forwarding;
    }
}
