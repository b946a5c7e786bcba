package io.portreeve.server.cgn;

import io.portreeve.pcp.IpProtocol;
import java.util.Optional;

/**
 * A packet on one of the two sides of a CGN, with a payload that does not matter.
 *
 * @param line on whose access line it is; empty on the internet's side
 * @param isLast a TCP segment with FIN or RST
 */
public record Packet(
        Optional<SubscriberId> line, IpProtocol protocol, Endpoint source, Endpoint destination, boolean isLast) {

    /** {@return a packet between a subscriber and the CGN} */
    public static Packet inside(SubscriberId line, IpProtocol protocol, Endpoint source, Endpoint destination) {
        return new Packet(Optional.of(line), protocol, source, destination, false);
    }

    /** {@return a packet between the CGN and the internet} */
    public static Packet outside(IpProtocol protocol, Endpoint source, Endpoint destination) {
        return new Packet(Optional.empty(), protocol, source, destination, false);
    }

    /** {@return the same, at the end of a TCP connection} */
    public Packet last() {
        return new Packet(line, protocol, source, destination, true);
    }

    Packet leaving(Endpoint external) {
        return new Packet(Optional.empty(), protocol, external, destination, isLast);
    }

    Packet entering(SubscriberId to, Endpoint internal) {
        return new Packet(Optional.of(to), protocol, source, internal, isLast);
    }
}
