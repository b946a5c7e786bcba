package io.portreeve.server.engine;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.SubscriberId;
import java.util.List;

/**
 * Who may ask, and for whom. Source: RFC 6887 sections 8.2, 13.1.
 *
 * @param subscribers whose requests are answered; all others meet silence
 * @param authorized who may name another host by THIRD_PARTY, also if it is no subscriber; for all others that option is unknown
 * @param hosts which ones may be named
 * @param own addresses of the server, which nobody may name
 * @param homePrefix IPv6 addresses that begin with so many equal bits are of one subscriber; 128: each is one
 */
public record Access(
        List<AddressPrefix> subscribers,
        List<AddressPrefix> authorized,
        List<AddressPrefix> hosts,
        List<PcpAddress> own,
        int homePrefix) {

    private static final List<AddressPrefix> ALL = List.of(AddressPrefix.EVERY_ADDRESS);

    /** An IPv6 address by itself. */
    public static final int EACH_ADDRESS = 128;

    /** Each for itself. */
    public static final Access NO_THIRD_PARTIES = new Access(ALL, List.of(), ALL, List.of(), EACH_ADDRESS);

    /** All for the hosts behind them. */
    public static final Access THIRD_PARTIES = new Access(ALL, ALL, ALL, List.of(), EACH_ADDRESS);

    public Access {
        subscribers = List.copyOf(subscribers);
        authorized = List.copyOf(authorized);
        hosts = List.copyOf(hosts);
        own = List.copyOf(own);
        if (homePrefix < 1 || homePrefix > EACH_ADDRESS) {
            throw new IllegalArgumentException("prefix of a home: " + homePrefix + " (expected: 1..128)");
        }
    }

    /** {@return whose packets come from {@code address}} All that is in one home is one subscriber. */
    public SubscriberId subscriberAt(PcpAddress address) {
        return new SubscriberId(address.isIpv4() ? address : address.prefix(homePrefix));
    }

    boolean isSubscriber(PcpAddress line) {
        return contains(subscribers, line);
    }

    boolean isAuthorized(PcpAddress line) {
        return contains(authorized, line);
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
