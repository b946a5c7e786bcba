package io.portreeve.client.threads;

import io.portreeve.client.ServerAddress;
import io.portreeve.client.engine.ClientEvent;
import io.portreeve.client.net.ServerChannel;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ways to the servers: one connected socket for each of their addresses. One thread at a time. */
final class Channels implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Channels.class);

    private final Map<ServerAddress, ServerChannel> open = new HashMap<>();
    private final ResponseListener listener;
    private final Consumer<ClientEvent> inbox;

    Channels(ResponseListener listener, Consumer<ClientEvent> inbox) {
        this.listener = listener;
        this.inbox = inbox;
    }

    /** Opens a new way to {@code server}: the old one may begin at an address that is none of ours any more. */
    void connect(ServerAddress server) {
        close(server);
        try {
            var channel = ServerChannel.connect(server.toSocketAddress());
            open.put(server, channel);
            listener.listen(server, channel);
            inbox.accept(new ClientEvent.Connected(server, channel.source()));
        } catch (IOException e) {
            LOG.debug("no way to {}: {}", server, e.getMessage());
            close(server);
            inbox.accept(new ClientEvent.Unreachable(server));
        }
    }

    /** What cannot be sent is repeated by the retransmission schedule like what was lost on the way, by a new socket. */
    void send(ServerAddress server, byte[] datagram) {
        var channel = open.get(server);
        if (channel == null) {
            connect(server);
            return;
        }
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
