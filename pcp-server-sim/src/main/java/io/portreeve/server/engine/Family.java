package io.portreeve.server.engine;

import io.portreeve.pcp.PcpAddress;

/** Which of the two a mapping's external address is; the suggested address asks for it. Source: RFC 6887 section 5. */
public enum Family {
    IPV4(PcpAddress.ANY_IPV4),
    IPV6(PcpAddress.ANY_IPV6);

    private final PcpAddress any;

    Family(PcpAddress any) {
        this.any = any;
    }

    /** {@return all zeros, which stand for any address of the family} */
    PcpAddress any() {
        return any;
    }

    public static Family of(PcpAddress address) {
        return address.isIpv4() ? IPV4 : IPV6;
    }
}
