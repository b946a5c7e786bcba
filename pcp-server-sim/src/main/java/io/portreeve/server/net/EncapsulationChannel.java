package io.portreeve.server.net;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Client;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to clients behind the tunnels of DS-Lite: the CGN hands their packets over with the subscriber's address before them, and
 * takes back what is to be put into the tunnel. What is no sound packet for PCP meets silence.
 *
 * <p>A message that nobody asked for goes to the CGN that handed over the subscriber's last request, and comes from the address
 * which that was sent to. A subscriber that was not heard of since the start cannot be told anything.
 */
final class EncapsulationChannel extends DatagramReader {
    private static final Logger LOG = LoggerFactory.getLogger(EncapsulationChannel.class);

    /** Invented subscribers must not fill the memory; one who is forgotten is known by its next request. */
    private static final int MOST_SUBSCRIBERS = 65_536;

    private final Counters counters;

    /** How the last request of a subscriber came. */
    private record LastHeard(Outlet outlet, InetSocketAddress cgn, PcpAddress server) {}

    private final Map<SubscriberId, LastHeard> lastHeard = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SubscriberId, LastHeard> eldest) {
            return size() > MOST_SUBSCRIBERS;
        }
    };

    EncapsulationChannel(RequestReader requests, Counters counters, DatagramTaps taps) {
        super(requests, taps);
        this.counters = counters;
    }

    @Override
    void read(InetSocketAddress cgn, byte[] octets, Outlet outlet) {
        EncapsulatedPacket.request(octets)
                .ifPresentOrElse(packet -> read(packet, octets, cgn, outlet), counters::encapsulatedBadly);
    }

    private void read(EncapsulatedPacket packet, byte[] request, InetSocketAddress cgn, Outlet outlet) {
        lastHeard.put(
                packet.subscriber(),
                new LastHeard(outlet, cgn, packet.destination().address()));
        requests.read(
                new Client(packet.subscriber(), packet.source()),
                answer -> outlet.answer(cgn, request, packet.answer(answer).octets()),
                packet.payload());
    }

    /** Tells {@code client} what it has not asked for. */
    void tell(Client client, byte[] octets) {
        var heard = lastHeard.get(client.subscriber());
        if (heard == null) {
            LOG.debug("{} of {} was not heard of yet and is not told", client.endpoint(), client.subscriber());
            return;
        }
        var server = new Endpoint(heard.server(), PcpMessage.SERVER_PORT);
        var packet = new EncapsulatedPacket(client.subscriber(), server, client.endpoint(), octets);
        heard.outlet().write(heard.cgn(), packet.octets());
    }
}
