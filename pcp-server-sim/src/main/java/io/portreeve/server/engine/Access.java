package io.portreeve.server.engine;

import io.portreeve.pcp.PcpAddress;
import java.util.List;

/**
 * Who may ask, and for whom. Source: RFC 6887 sections 8.2, 13.1.
 *
 * @param subscribers whose requests are answered; all others meet silence
 * @param authorized who may name another host by THIRD_PARTY, also if it is no subscriber; for all others that option is unknown
 * @param hosts which ones may be named
 * @param own addresses of the server, which nobody may name
 */
public record Access(
        List<AddressPrefix> subscribers,
        List<AddressPrefix> authorized,
        List<AddressPrefix> hosts,
        List<PcpAddress> own) {

    private static final List<AddressPrefix> ALL = List.of(AddressPrefix.EVERY_ADDRESS);

    /** Each for itself. */
    public static final Access NO_THIRD_PARTIES = new Access(ALL, List.of(), ALL, List.of());

    /** All for the hosts behind them. */
    public static final Access THIRD_PARTIES = new Access(ALL, ALL, ALL, List.of());

    public Access {
        subscribers = List.copyOf(subscribers);
        authorized = List.copyOf(authorized);
        hosts = List.copyOf(hosts);
        own = List.copyOf(own);
    }

    boolean isSubscriber(PcpAddress source) {
        return contains(subscribers, source);
    }

    boolean isAuthorized(PcpAddress source) {
        return contains(authorized, source);
    }

    boolean mayBeNamed(PcpAddress host) {
        return contains(hosts, host) && !own.contains(host) && !host.isLoopback() && !host.isForMany();
    }

    private static boolean contains(List<AddressPrefix> prefixes, PcpAddress address) {
        for (var prefix : prefixes) {
            if (prefix.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
