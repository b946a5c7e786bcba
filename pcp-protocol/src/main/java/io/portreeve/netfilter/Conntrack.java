package io.portreeve.netfilter;

import io.portreeve.netlink.Attribute;
import io.portreeve.netlink.Message;
import io.portreeve.netlink.MessageWriter;
import io.portreeve.netlink.NetlinkException;
import io.portreeve.netlink.NetlinkSocket;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Cuts connections: an established one is translated on after its rule is gone, until its entry in the kernel's connection
 * tracking goes.
 *
 * <p>Newer kernels delete by a part of the tuple in a fraction of a millisecond. For older ones, for many ends at once, and for
 * IPv6, whose addresses no such kernel compares as it should (seen with Linux 6.18), all connections are listed and those meant are
 * deleted one by one.
 */
final class Conntrack {
    private static final int ALL_FAMILIES = 0;
    private static final int IPV4 = 2;
    private static final int IPV6 = 10;
    private static final int SUBSYSTEM = 1;
    private static final int GET = SUBSYSTEM << 8 | 1;
    private static final int DELETE = SUBSYSTEM << 8 | 2;
    private static final int ORIGINAL = 1;
    private static final int REPLY = 2;
    private static final int TIMEOUT = 7;
    private static final int ID = 12;
    private static final int FILTER = 25;
    private static final int TUPLE_IP = 1;
    private static final int TUPLE_PROTOCOL = 2;
    private static final int IP_SOURCE = 1;
    private static final int IP_DESTINATION = 2;

    /** From the attributes of IPv4 to those of IPv6. */
    private static final int IPV6_ATTRIBUTES = 2;

    private static final int PROTOCOL_NUMBER = 1;
    private static final int PROTOCOL_SOURCE = 2;
    private static final int PROTOCOL_DESTINATION = 3;

    /** Compare destination address, protocol and destination port. */
    private static final int BY_DESTINATION = 1 << 1 | 1 << 3 | 1 << 5;

    /** A listing costs as much as that many deletions. */
    private static final int MOST_BY_FILTER = 24;

    private static final OuterEndpoint NOBODY = new OuterEndpoint(new IpProtocol(255), PcpAddress.ANY_IPV4, 0);

    private final NetlinkSocket socket;
    private final boolean filters;
    private int sequence;

    private Conntrack(NetlinkSocket socket, boolean filters) {
        this.socket = socket;
        this.filters = filters;
    }

    /**
     * {@return the connection tracking of this kernel} Whether that deletes by filter, and whether it is there at all, is found
     * out here.
     */
    static Conntrack of(NetlinkSocket socket) throws NetlinkException, NetfilterException {
        try {
            var filtering = new Conntrack(socket, true);
            filtering.cutByFilter(NOBODY);
            return filtering;
        } catch (NetlinkException e) {
            if (e.errno() == NetlinkException.EPERM) {
                throw e;
            }
        }
        var listing = listing(socket);
        try {
            listing.connections();
            return listing;
        } catch (NetlinkException e) {
            throw new NetfilterException("the kernel does not tell its connections (" + e.getMessage()
                    + "): load its module nf_conntrack_netlink, on OpenWrt kmod-nf-conntrack-netlink");
        }
    }

    /** {@return the one for kernels that cannot delete by filter} */
    static Conntrack listing(NetlinkSocket socket) {
        return new Conntrack(socket, false);
    }

    /** {@return the connection between these two of IPv4, whoever began it; empty if there is none} */
    Optional<LiveConnection> between(InnerEndpoint from, PcpAddress to, int toPort) throws NetlinkException {
        socket.send(socket.write()
                .netfilter(
                        GET,
                        MessageWriter.REQUEST,
                        ++sequence,
                        IPV4,
                        0,
                        into -> into.nest(
                                ORIGINAL,
                                tuple -> tuple.nest(
                                                TUPLE_IP,
                                                ip -> ip.attribute(IP_SOURCE, octets(from.address()))
                                                        .attribute(IP_DESTINATION, octets(to)))
                                        .nest(
                                                TUPLE_PROTOCOL,
                                                protocol -> protocol.attribute(PROTOCOL_NUMBER, octet(from.protocol()))
                                                        .attribute(PROTOCOL_SOURCE, octets(from.port()))
                                                        .attribute(PROTOCOL_DESTINATION, octets(toPort))))));
        var answer = Message.in(socket.receive()).getFirst();
        if (!answer.isAnswer()) {
            return live(answer.attributes(), new OuterEndpoint(from.protocol(), from.address(), from.port()));
        }
        if (answer.errno() != NetlinkException.ENOENT) {
            throw new NetlinkException("connection", answer.errno());
        }
        return Optional.empty();
    }

    /** The other side knows the inner end as what it sends to. */
    private static Optional<LiveConnection> live(List<Attribute> attributes, OuterEndpoint inner) {
        var original = Attribute.first(ORIGINAL, attributes);
        boolean isBegunInside = original.flatMap(Conntrack::start).equals(Optional.of(inner));
        var inwards = isBegunInside ? Attribute.first(REPLY, attributes) : original;
        var left = Attribute.first(TIMEOUT, attributes)
                .map(timeout -> ByteBuffer.wrap(timeout.octets()).getInt())
                .orElse(0);
        return inwards.flatMap(Conntrack::end).map(outer -> new LiveConnection(outer, Duration.ofSeconds(left)));
    }

    private static int family(PcpAddress address) {
        return address.isIpv4() ? IPV4 : IPV6;
    }

    private static byte[] octet(IpProtocol protocol) {
        return new byte[] {(byte) protocol.number()};
    }

    private static byte[] octets(PcpAddress address) {
        return address.toInetAddress().getAddress();
    }

    private static byte[] octets(int port) {
        return new byte[] {(byte) (port >> 8), (byte) port};
    }

    /** Cuts every connection to one of {@code ends}, and every one that leaves with it. */
    void cut(Collection<OuterEndpoint> ends) throws NetlinkException {
        boolean allIpv4 = ends.stream().allMatch(end -> end.address().isIpv4());
        if (!filters || !allIpv4 || ends.size() > MOST_BY_FILTER) {
            cutListed(Set.copyOf(ends));
            return;
        }
        for (var end : ends) {
            cutByFilter(end);
        }
    }

    private void cutByFilter(OuterEndpoint end) throws NetlinkException {
        for (int direction : new int[] {ORIGINAL, REPLY}) {
            delete(
                    IPV4,
                    into -> into.nest(direction, tuple -> destination(tuple, end))
                            .nest(FILTER, filter -> filter.attribute(direction, BY_DESTINATION)));
        }
    }

    private static void destination(MessageWriter tuple, OuterEndpoint end) {
        tuple.nest(TUPLE_IP, ip -> ip.attribute(IP_DESTINATION, octets(end.address())))
                .nest(
                        TUPLE_PROTOCOL,
                        protocol -> protocol.attribute(PROTOCOL_NUMBER, octet(end.protocol()))
                                .attribute(PROTOCOL_DESTINATION, octets(end.port())));
    }

    /** That there is no such connection is fine. */
    private void delete(int family, MessageWriter.Nest which) throws NetlinkException {
        int flags = MessageWriter.REQUEST | MessageWriter.ACK;
        socket.send(socket.write().netfilter(DELETE, flags, ++sequence, family, 0, which));
        int errno = Message.in(socket.receive()).getFirst().errno();
        if (errno != 0 && errno != NetlinkException.ENOENT) {
            throw new NetlinkException("deletion of connections", errno);
        }
    }

    private void cutListed(Set<OuterEndpoint> ends) throws NetlinkException {
        cutListed(connection -> leadsTo(connection.original(), ends) || leadsTo(connection.reply(), ends));
    }

    /** Cuts every connection that has one of {@code inner} as the address of an end of its own. */
    void cutOf(Predicate<PcpAddress> inner) throws NetlinkException {
        cutListed(connection -> comesFrom(connection.original(), inner) || comesFrom(connection.reply(), inner));
    }

    private void cutListed(Predicate<Connection> which) throws NetlinkException {
        for (var connection : connections()) {
            if (which.test(connection)) {
                int family = address(connection.original(), IP_SOURCE)
                        .map(Conntrack::family)
                        .orElse(IPV4);
                delete(
                        family,
                        into -> into.nested(ORIGINAL, connection.original().octets())
                                .attribute(ID, connection.id()));
            }
        }
    }

    /** A ping has no ports, but addresses. */
    private static boolean comesFrom(Attribute tuple, Predicate<PcpAddress> addresses) {
        return address(tuple, IP_SOURCE).filter(addresses).isPresent();
    }

    private static Optional<PcpAddress> address(Attribute tuple, int type) {
        return tuple.nested(TUPLE_IP)
                .flatMap(ip -> ip.nested(type).or(() -> ip.nested(type + IPV6_ATTRIBUTES)))
                .map(address -> address(address.octets()));
    }

    private static boolean leadsTo(Attribute tuple, Set<OuterEndpoint> ends) {
        return end(tuple).filter(ends::contains).isPresent();
    }

    private static Optional<OuterEndpoint> start(Attribute tuple) {
        return endpoint(tuple, IP_SOURCE, PROTOCOL_SOURCE);
    }

    private static Optional<OuterEndpoint> end(Attribute tuple) {
        return endpoint(tuple, IP_DESTINATION, PROTOCOL_DESTINATION);
    }

    private static Optional<OuterEndpoint> endpoint(Attribute tuple, int addressType, int portType) {
        var address = address(tuple, addressType);
        var protocol = tuple.nested(TUPLE_PROTOCOL).flatMap(it -> it.nested(PROTOCOL_NUMBER));
        var port = tuple.nested(TUPLE_PROTOCOL).flatMap(it -> it.nested(portType));
        if (address.isEmpty() || protocol.isEmpty() || port.isEmpty()) {
            return Optional.empty(); // a protocol without ports
        }
        return Optional.of(new OuterEndpoint(
                new IpProtocol(Byte.toUnsignedInt(protocol.get().octets()[0])),
                address.get(),
                Short.toUnsignedInt(ByteBuffer.wrap(port.get().octets()).getShort())));
    }

    private static PcpAddress address(byte[] octets) {
        var buffer = ByteBuffer.wrap(octets);
        return octets.length == Integer.BYTES
                ? PcpAddress.ofIpv4(buffer.getInt())
                : new PcpAddress(buffer.getLong(), buffer.getLong());
    }

    private record Connection(Attribute original, Attribute reply, byte[] id) {}

    private List<Connection> connections() throws NetlinkException {
        int flags = MessageWriter.REQUEST | MessageWriter.DUMP;
        socket.send(socket.write().netfilter(GET, flags, ++sequence, ALL_FAMILIES, 0, _ -> {}));
        var connections = new ArrayList<Connection>();
        while (true) {
            for (var message : Message.in(socket.receive())) {
                if (message.isAnswer()) {
                    return ended(message, connections);
                }
                connection(message.attributes()).ifPresent(connections::add);
            }
        }
    }

    private static List<Connection> ended(Message answer, List<Connection> connections) throws NetlinkException {
        if (answer.errno() != 0) {
            throw new NetlinkException("listing of connections", answer.errno());
        }
        return connections;
    }

    /** {@return the connection, copied out of the buffer it came in} */
    private static Optional<Connection> connection(List<Attribute> attributes) {
        var original = Attribute.first(ORIGINAL, attributes).map(Attribute::copy);
        var reply = Attribute.first(REPLY, attributes).map(Attribute::copy);
        var id = Attribute.first(ID, attributes).map(Attribute::octets);
        return original.isPresent() && reply.isPresent() && id.isPresent()
                ? Optional.of(new Connection(original.get(), reply.get(), id.get()))
                : Optional.empty();
    }
}
