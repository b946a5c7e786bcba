package io.portreeve.bench.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Hosts that begin requests and never end them. Once a second, one that was turned away begins again. */
final class SlowClients implements Attack.Load {
    private static final int CLIENTS = 500;
    private static final int CONNECT_MILLIS = 200;
    private static final Duration SPACING = Duration.ofSeconds(1).dividedBy(CLIENTS);

    private final List<InetAddress> hosts;
    private final InetSocketAddress server;
    private final byte[] half;
    private final SocketChannel[] channels = new SocketChannel[CLIENTS];
    private int next;

    SlowClients(List<InetAddress> hosts, URI control) {
        this.hosts = hosts;
        server = new InetSocketAddress(control.getHost(), control.getPort());
        half = """
                POST %s HTTP/1.1\r
                Host: %s\r
                Content-Type: text/xml""".formatted(control.getRawPath(), control.getAuthority()).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public Duration spacing() {
        return SPACING;
    }

    /** Has a look at one of them. */
    @Override
    public void step() throws IOException {
        int client = next;
        next = (next + 1) % CLIENTS;
        if (channels[client] == null || hasEnded(channels[client])) {
            close(client);
            channels[client] = begin(hosts.get(client % hosts.size()));
        }
    }

    private SocketChannel begin(InetAddress host) throws IOException {
        var channel = SocketChannel.open();
        try {
            channel.bind(new InetSocketAddress(host, 0));
            channel.socket().connect(server, CONNECT_MILLIS);
            channel.write(ByteBuffer.wrap(half));
            channel.configureBlocking(false);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static boolean hasEnded(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(512)) < 0;
        } catch (IOException _) {
            return true;
        }
    }

    private void close(int client) throws IOException {
        if (channels[client] != null) {
            channels[client].close();
            channels[client] = null;
        }
    }

    @Override
    public void close() throws IOException {
        for (int i = 0; i < CLIENTS; i++) {
            close(i);
        }
    }
}
