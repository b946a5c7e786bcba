package io.portreeve.client.threads;

import io.portreeve.client.ServerAddress;
import io.portreeve.client.engine.ClientEvent;
import io.portreeve.client.net.NetworkState;
import io.portreeve.client.net.ServerChannel;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.natpmp.NatPmpRequest;
import io.portreeve.pcp.wire.NatPmpEncoder;
import io.portreeve.pcp.wire.PcpEncoder;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ways to the servers: one connected socket for each of their addresses. One thread at a time, {@link #follow} excepted. */
final class Channels implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Channels.class);

    private final Map<ServerAddress, ServerChannel> open = new HashMap<>();
    private final Map<ServerAddress, PcpAddress> sources = new HashMap<>();
    private final ResponseListener listener;
    private final Consumer<ClientEvent> inbox;
    private volatile NetworkState network = new NetworkState(List.of(), List.of(), List.of());

    Channels(ResponseListener listener, Consumer<ClientEvent> inbox) {
        this.listener = listener;
        this.inbox = inbox;
    }

    /** From now on the network is in {@code state}. May be called by any thread. */
    void follow(NetworkState state) {
        network = state;
    }

    /** Keeps the way to {@code server} if it is still the right one, so that answers on the way arrive; else opens another. */
    void connect(ServerAddress server) {
        try {
            take(server, way(server));
            inbox.accept(new ClientEvent.Connected(server, sources.get(server)));
        } catch (IOException e) {
            LOG.debug("no way to {}: {}", server, e.getMessage());
            close(server);
            inbox.accept(new ClientEvent.Unreachable(server));
        }
    }

    private ServerChannel way(ServerAddress server) throws IOException {
        var before = sources.get(server);
        return before == null ? ServerChannel.connect(server, network) : ServerChannel.connect(server, network, before);
    }

    private void take(ServerAddress server, ServerChannel way) throws IOException {
        var source = way.source();
        if (open.containsKey(server) && source.equals(sources.get(server))) {
            close(way);
            return;
        }
        close(server);
        open.put(server, way);
        sources.put(server, source);
        listener.listen(server, way);
    }

    /**
     * What cannot be sent is repeated by the retransmission schedule like what was lost on the way, by a new socket. So is what
     * was to leave from another source: the server would refuse it.
     */
    void send(ServerAddress server, PcpRequest request) {
        var channel = open.get(server);
        if (channel == null) {
            connect(server);
        } else if (request.client().equals(sources.get(server))) {
            send(server, channel, PcpEncoder.encode(request));
        }
    }

    /** It names no source: the server takes it to be of whoever it comes from. */
    void send(ServerAddress server, NatPmpRequest request) {
        var channel = open.get(server);
        if (channel == null) {
            connect(server);
        } else {
            send(server, channel, NatPmpEncoder.encode(request));
        }
    }

    private void send(ServerAddress server, ServerChannel channel, byte[] datagram) {
        try {
            channel.send(datagram);
        } catch (IOException e) {
            LOG.debug("a request to {} could not be sent: {}", server, e.getMessage());
            close(server);
            inbox.accept(new ClientEvent.Unreachable(server));
        }
    }

    private void close(ServerAddress server) {
        Optional.ofNullable(open.remove(server)).ifPresent(Channels::close);
    }

    private static void close(ServerChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("a socket did not close cleanly: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        open.values().forEach(Channels::close);
        open.clear();
    }
}
