package io.portreeve.server.net;

import io.netty.channel.Channel;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.net.SeenDatagram.Direction;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Those who see every datagram as it comes and goes, whatever becomes of it. They are told on the network's thread, in order, and
 * must not make it wait.
 */
public final class DatagramTaps {
    private final List<Consumer<SeenDatagram>> all = new CopyOnWriteArrayList<>();

    public void add(Consumer<SeenDatagram> tap) {
        all.add(tap);
    }

    public void remove(Consumer<SeenDatagram> tap) {
        all.remove(tap);
    }

    void received(Channel channel, InetSocketAddress client, byte[] octets) {
        tell(Direction.RECEIVED, channel, client, octets, Optional.empty());
    }

    void sent(Channel channel, InetSocketAddress client, byte[] octets) {
        tell(Direction.SENT, channel, client, octets, Optional.empty());
    }

    void answered(Channel channel, InetSocketAddress client, byte[] request, byte[] answer) {
        tell(Direction.SENT, channel, client, answer, Optional.of(request));
    }

    private void tell(
            Direction direction, Channel channel, InetSocketAddress client, byte[] octets, Optional<byte[]> answered) {
        if (!all.isEmpty()) {
            var local = endpoint((InetSocketAddress) channel.localAddress());
            var seen = new SeenDatagram(direction, local, endpoint(client), octets, answered);
            all.forEach(tap -> tap.accept(seen));
        }
    }

    private static Endpoint endpoint(InetSocketAddress address) {
        return new Endpoint(PcpAddress.of(address.getAddress()), address.getPort());
    }
}
