package io.portreeve.server.net;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Client;
import java.net.InetSocketAddress;
import java.util.function.Function;

/** Takes datagrams that come from clients by themselves. */
final class Receiver extends DatagramReader {
    private final Function<PcpAddress, SubscriberId> subscribers;

    Receiver(RequestReader requests, Function<PcpAddress, SubscriberId> subscribers, DatagramTaps taps) {
        super(requests, taps);
        this.subscribers = subscribers;
    }

    @Override
    void read(InetSocketAddress sender, byte[] octets, Outlet outlet) {
        var source = new Endpoint(PcpAddress.of(sender.getAddress()), sender.getPort());
        var client = new Client(subscribers.apply(source.address()), source);
        requests.read(client, answer -> outlet.answer(sender, octets, answer), octets);
    }
}
