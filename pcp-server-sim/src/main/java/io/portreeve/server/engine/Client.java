package io.portreeve.server.engine;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;

/**
 * Who asks.
 *
 * @param subscriber whom the CGN gives what is asked for
 * @param endpoint where the request was sent from: by the subscriber itself, or by a host behind it
 */
public record Client(SubscriberId subscriber, Endpoint endpoint) {

    /** {@return one whose address is its subscriber} */
    public static Client of(Endpoint endpoint) {
        return new Client(new SubscriberId(endpoint.address()), endpoint);
    }

    public PcpAddress address() {
        return endpoint.address();
    }

    /**
     * {@return true if its packets reach the CGN in a tunnel of the other family} All others have an address of their subscriber's
     * family. Source: RFC 6333 section 2.
     */
    public boolean isTunnelled() {
        return subscriber.address().isIpv4() != address().isIpv4();
    }

    /** {@return the address that the provider knows it by} Behind a tunnel, hosts of many subscribers have the same. */
    PcpAddress line() {
        return isTunnelled() ? subscriber.address() : address();
    }
}
