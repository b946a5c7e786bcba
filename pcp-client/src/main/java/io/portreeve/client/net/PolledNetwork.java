package io.portreeve.client.net;

import io.portreeve.client.net.InterfaceAddress.Scope;
import io.portreeve.pcp.PcpAddress;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The network as Java and the files below /proc show it, to be read anew after each period. Java knows links with addresses only,
 * no difference between one that is on and one that can carry packets, and no peers of addresses.
 */
final class PolledNetwork implements NetworkSource {
    private static final int ROUTE_UP = 0x1;
    private static final int ROUTE_GATEWAY = 0x2;
    private static final int ROUTE_REJECT = 0x200;

    /** Not /proc/net: that is the network namespace of the process's first thread. */
    private static final Path FILES = Path.of("/proc/thread-self/net");

    private final CountDownLatch woken = new CountDownLatch(1);
    private final Duration period;

    PolledNetwork(Duration period) {
        this.period = period;
    }

    @Override
    public NetworkState read() throws IOException {
        var links = new ArrayList<Link>();
        var addresses = new ArrayList<InterfaceAddress>();
        for (var link : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            link(link).ifPresent(links::add);
            ipv4Addresses(link).forEach(addresses::add);
        }
        rows("if_inet6").map(PolledNetwork::ipv6Address).forEach(addresses::add);
        var routes = Stream.concat(
                rows("route").skip(1).flatMap(row -> ipv4Route(row, links)),
                rows("ipv6_route").flatMap(row -> ipv6Route(row, links)));
        return new NetworkState(links, addresses, routes.toList());
    }

    /** {@return nothing if it went while this was read} */
    private static Optional<Link> link(NetworkInterface link) {
        try {
            var properties = EnumSet.noneOf(Link.Property.class);
            if (link.isUp()) {
                properties.addAll(Set.of(Link.Property.UP, Link.Property.RUNNING));
            }
            if (link.supportsMulticast()) {
                properties.add(Link.Property.MULTICAST);
            }
            if (link.isLoopback()) {
                properties.add(Link.Property.LOOPBACK);
            }
            return Optional.of(new Link(link.getIndex(), link.getName(), properties));
        } catch (SocketException e) {
            return Optional.empty();
        }
    }

    private static Stream<InterfaceAddress> ipv4Addresses(NetworkInterface link) {
        return link.getInterfaceAddresses().stream()
                .filter(it -> it.getAddress() instanceof Inet4Address)
                .map(it -> new InterfaceAddress(
                        link.getIndex(),
                        PcpAddress.of(it.getAddress()),
                        it.getNetworkPrefixLength(),
                        ipv4Scope(it.getAddress()),
                        Set.of(),
                        Optional.empty()));
    }

    private static Scope ipv4Scope(InetAddress address) {
        if (address.isLoopbackAddress()) {
            return Scope.HOST;
        }
        return address.isLinkLocalAddress() ? Scope.LINK : Scope.GLOBAL;
    }

    /** {@return the lines of a file, in words; none if the kernel lacks the protocol} */
    private static Stream<List<String>> rows(String file) throws IOException {
        try {
            return Files.readAllLines(FILES.resolve(file)).stream()
                    .map(line -> List.of(line.strip().split("\\s+")));
        } catch (NoSuchFileException e) {
            return Stream.empty();
        }
    }

    /** Address, interface, length of prefix, scope, flags, name of the interface. */
    private static InterfaceAddress ipv6Address(List<String> row) {
        return new InterfaceAddress(
                hex(row.get(1)),
                ipv6(row.get(0)),
                hex(row.get(2)),
                ipv6Scope(hex(row.get(3))),
                RoutingMessage.ipv6Conditions(hex(row.get(4))),
                Optional.empty());
    }

    private static Scope ipv6Scope(int number) {
        return switch (number) {
            case 0x10 -> Scope.HOST;
            case 0x20 -> Scope.LINK;
            case 0x40 -> Scope.SITE;
            default -> Scope.GLOBAL;
        };
    }

    /** Interface, destination, gateway, flags, two counters, metric, mask: the addresses as the machine holds numbers. */
    private static Stream<DefaultRoute> ipv4Route(List<String> row, List<Link> links) {
        int flags = hex(row.get(3));
        if (hex(row.get(1)) != 0 || hex(row.get(7)) != 0 || !isPassable(flags)) {
            return Stream.empty();
        }
        var router = PcpAddress.ofIpv4(inNetworkOrder(hex(row.get(2))));
        long metric = Long.parseLong(row.get(6));
        return route(StandardProtocolFamily.INET, row.get(0), gateway(flags, router), metric, links);
    }

    private static int inNetworkOrder(int number) {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Integer.reverseBytes(number) : number;
    }

    /** Destination and its prefix, source and its prefix, next hop, metric, two counters, flags, interface. */
    private static Stream<DefaultRoute> ipv6Route(List<String> row, List<Link> links) {
        int flags = hex(row.get(8));
        if (hex(row.get(1)) != 0 || !isPassable(flags)) {
            return Stream.empty();
        }
        long metric = Integer.toUnsignedLong(hex(row.get(5)));
        return route(StandardProtocolFamily.INET6, row.get(9), gateway(flags, ipv6(row.get(4))), metric, links);
    }

    private static boolean isPassable(int flags) {
        return (flags & (ROUTE_UP | ROUTE_REJECT)) == ROUTE_UP;
    }

    private static Optional<PcpAddress> gateway(int flags, PcpAddress router) {
        return (flags & ROUTE_GATEWAY) == 0 ? Optional.empty() : Optional.of(router);
    }

    /** {@return none if the interface came after the links were read: it is found the next time} */
    private static Stream<DefaultRoute> route(
            StandardProtocolFamily family, String link, Optional<PcpAddress> router, long metric, List<Link> links) {
        return links.stream()
                .filter(it -> it.name().equals(link))
                .map(it -> new DefaultRoute(family, it.index(), router, metric));
    }

    private static int hex(String digits) {
        return HexFormat.fromHexDigits(digits);
    }

    private static PcpAddress ipv6(String digits) {
        return new PcpAddress(
                HexFormat.fromHexDigitsToLong(digits, 0, 16), HexFormat.fromHexDigitsToLong(digits, 16, 32));
    }

    /** An interrupt means the end, too. */
    @Override
    public boolean await() {
        try {
            return !woken.await(period.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void wake() {
        woken.countDown();
    }

    /** Keeps nothing open. */
    @Override
    public void close() {}
}
