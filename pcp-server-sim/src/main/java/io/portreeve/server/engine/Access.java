package io.portreeve.server.engine;

import io.portreeve.pcp.PcpAddress;
import java.util.List;

/**
 * Who may ask for other hosts than itself, and for which. Source: RFC 6887 section 13.1.
 *
 * @param authorized who may name another host by THIRD_PARTY; for all others that option is unknown
 * @param hosts which ones may be named
 * @param own addresses of the server, which nobody may name
 */
public record Access(List<AddressPrefix> authorized, List<AddressPrefix> hosts, List<PcpAddress> own) {
    private static final List<AddressPrefix> ALL = List.of(AddressPrefix.EVERY_ADDRESS);

    /** Each for itself. */
    public static final Access NO_THIRD_PARTIES = new Access(List.of(), ALL, List.of());

    /** All for the hosts behind them. */
    public static final Access THIRD_PARTIES = new Access(ALL, ALL, List.of());

    public Access {
        authorized = List.copyOf(authorized);
        hosts = List.copyOf(hosts);
        own = List.copyOf(own);
    }

    boolean isAuthorized(PcpAddress source) {
        return contains(authorized, source);
    }

    boolean mayBeNamed(PcpAddress host) {
        return contains(hosts, host) && !own.contains(host) && !host.isLoopback() && !host.isForMany();
    }

    private static boolean contains(List<AddressPrefix> prefixes, PcpAddress address) {
        return prefixes.stream().anyMatch(prefix -> prefix.contains(address));
    }
}
