package io.portreeve.client.net;

import io.portreeve.client.net.InterfaceAddress.Condition;
import io.portreeve.client.net.InterfaceAddress.Scope;
import io.portreeve.netlink.Attribute;
import io.portreeve.netlink.Message;
import io.portreeve.pcp.PcpAddress;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the messages of rtnetlink. What is too short or of another family is as if it had not come. Sources: linux/rtnetlink.h,
 * linux/if_link.h, linux/if.h, linux/if_addr.h.
 */
final class RoutingMessage {
    private static final int NEW_LINK = 16;
    private static final int NEW_ADDRESS = 20;
    private static final int NEW_ROUTE = 24;
    private static final int DELETED_ROUTE = 25;

    private static final int LINK_HEADER = 16;
    private static final int LINK_NAME = 3;
    private static final Map<Link.Property, Integer> LINK_FLAGS = Map.of(
            Link.Property.UP, 0x1,
            Link.Property.LOOPBACK, 0x8,
            Link.Property.RUNNING, 0x40,
            Link.Property.MULTICAST, 0x1000);

    private static final int ADDRESS_HEADER = 8;
    private static final int ADDRESS_ADDRESS = 1;
    private static final int ADDRESS_LOCAL = 2;
    private static final int ADDRESS_FLAGS = 8;
    private static final Map<Condition, Integer> IPV6_FLAGS =
            Map.of(Condition.TEMPORARY, 0x1, Condition.DEPRECATED, 0x20, Condition.TENTATIVE, 0x40);

    /** What is the flag of temporary addresses for IPv6 says of an IPv4 address that it is not the first of its network. */
    private static final Map<Condition, Integer> IPV4_FLAGS = Map.of(Condition.DEPRECATED, 0x20);

    private static final int ROUTE_HEADER = 12;
    private static final int ROUTE_INTERFACE = 4;
    private static final int ROUTE_GATEWAY = 5;
    private static final int ROUTE_METRIC = 6;
    private static final int ROUTE_MULTIPATH = 9;
    private static final int NEXT_HOP_HEADER = 8;
    private static final int TABLE_MAIN = 254;
    private static final int UNICAST = 1;

    private RoutingMessage() {}

    /** {@return false if it tells of one of many routes that lead to some place only} */
    static boolean matters(Message message) {
        boolean isRoute = message.type() == NEW_ROUTE || message.type() == DELETED_ROUTE;
        return !isRoute || message.payload().remaining() >= ROUTE_HEADER && octet(message, 1) == 0;
    }

    private static int octet(Message message, int at) {
        return Byte.toUnsignedInt(message.payload().get(at));
    }

    private static boolean isWhole(Message message, int type, int header) {
        return message.type() == type && message.payload().remaining() >= header;
    }

    static Stream<Link> link(Message message) {
        if (!isWhole(message, NEW_LINK, LINK_HEADER)) {
            return Stream.empty();
        }
        int index = message.payload().getInt(4);
        var properties = flags(message.payload().getInt(8), LINK_FLAGS, Link.Property.class);
        return Attribute.first(LINK_NAME, message.attributesAfter(LINK_HEADER))
                .map(name -> new Link(index, name.text(), properties))
                .stream();
    }

    private static <E extends Enum<E>> Set<E> flags(int bits, Map<E, Integer> bitOf, Class<E> type) {
        return bitOf.keySet().stream()
                .filter(flag -> (bits & bitOf.get(flag)) != 0)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(type)));
    }

    static Stream<InterfaceAddress> address(Message message) {
        if (!isWhole(message, NEW_ADDRESS, ADDRESS_HEADER)) {
            return Stream.empty();
        }
        var attributes = message.attributesAfter(ADDRESS_HEADER);
        var given = inetAddress(ADDRESS_ADDRESS, octet(message, 0), attributes);
        var local = inetAddress(ADDRESS_LOCAL, octet(message, 0), attributes);
        // The given one is the other end's, if one's own is told beside it and is another.
        return local
                .or(() -> given)
                .map(own -> address(message, own, given.filter(it -> !it.equals(own)), attributes))
                .stream();
    }

    /** {@return what the flags of an IPv6 address say} */
    static Set<Condition> ipv6Conditions(int bits) {
        return flags(bits, IPV6_FLAGS, Condition.class);
    }

    private static InterfaceAddress address(
            Message message, PcpAddress own, Optional<PcpAddress> peer, List<Attribute> attributes) {
        int bits = number(ADDRESS_FLAGS, attributes).orElse(octet(message, 2));
        var conditions = own.isIpv4() ? flags(bits, IPV4_FLAGS, Condition.class) : ipv6Conditions(bits);
        int index = message.payload().getInt(4);
        return new InterfaceAddress(index, own, octet(message, 1), scope(octet(message, 3)), conditions, peer);
    }

    /** The numbers between are anybody's. */
    private static Scope scope(int number) {
        if (number >= 254) {
            return Scope.HOST;
        }
        if (number == 253) {
            return Scope.LINK;
        }
        return number >= 200 ? Scope.SITE : Scope.GLOBAL;
    }

    /** {@return the default routes in it: one for each next hop} */
    static Stream<DefaultRoute> defaultRoutes(Message message) {
        if (!isWhole(message, NEW_ROUTE, ROUTE_HEADER) || !isDefault(message)) {
            return Stream.empty();
        }
        int family = octet(message, 0);
        var attributes = message.attributesAfter(ROUTE_HEADER);
        long metric = Integer.toUnsignedLong(number(ROUTE_METRIC, attributes).orElse(0));
        var single =
                number(ROUTE_INTERFACE, attributes).map(index -> route(family, index, attributes, metric)).stream();
        var several = Attribute.first(ROUTE_MULTIPATH, attributes).stream()
                .flatMap(hops -> NextHop.in(hops.value()).stream())
                .map(hop -> route(family, hop.interfaceIndex(), hop.attributes(), metric));
        return Stream.concat(single, several);
    }

    private static boolean isDefault(Message message) {
        return protocolFamily(octet(message, 0)).isPresent()
                && octet(message, 1) == 0
                && octet(message, 4) == TABLE_MAIN
                && octet(message, 7) == UNICAST;
    }

    private static DefaultRoute route(int family, int interfaceIndex, List<Attribute> attributes, long metric) {
        return new DefaultRoute(
                protocolFamily(family).orElseThrow(),
                interfaceIndex,
                inetAddress(ROUTE_GATEWAY, family, attributes),
                metric);
    }

    private static Optional<StandardProtocolFamily> protocolFamily(int number) {
        return switch (number) {
            case 2 -> Optional.of(StandardProtocolFamily.INET);
            case 10 -> Optional.of(StandardProtocolFamily.INET6);
            default -> Optional.empty();
        };
    }

    private static Optional<Integer> number(int type, List<Attribute> attributes) {
        return Attribute.first(type, attributes)
                .map(Attribute::value)
                .filter(value -> value.remaining() >= 4)
                .map(value -> value.getInt(value.position()));
    }

    private static Optional<PcpAddress> inetAddress(int type, int family, List<Attribute> attributes) {
        int length = protocolFamily(family).orElse(null) == StandardProtocolFamily.INET ? 4 : 16;
        return Attribute.first(type, attributes)
                .map(Attribute::octets)
                .filter(octets -> octets.length == length)
                .map(RoutingMessage::address);
    }

    private static PcpAddress address(byte[] octets) {
        try {
            return PcpAddress.of(InetAddress.getByAddress(octets));
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 octets are an address", e);
        }
    }

    /** One of several ways of a route: struct rtnexthop. */
    private record NextHop(int interfaceIndex, List<Attribute> attributes) {
        static List<NextHop> in(ByteBuffer octets) {
            var hops = new ArrayList<NextHop>();
            int at = octets.position();
            while (octets.limit() - at >= NEXT_HOP_HEADER) {
                int length = Short.toUnsignedInt(octets.getShort(at));
                if (length < NEXT_HOP_HEADER || length > octets.limit() - at) {
                    break;
                }
                var rest = octets.slice(at + NEXT_HOP_HEADER, length - NEXT_HOP_HEADER);
                hops.add(new NextHop(octets.getInt(at + 4), Attribute.in(rest.order(octets.order()))));
                at += length + 3 & ~3;
            }
            return hops;
        }
    }
}
