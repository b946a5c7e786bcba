package io.portreeve.client.net;

import io.portreeve.client.ServerAddress;
import io.portreeve.pcp.PcpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Optional;

/**
 * A connected socket to one server: the kernel drops what others send, and reports a closed port.
 * The source port is the kernel's random one. Source: RFC 6887 section 8.1.
 */
public final class ServerChannel implements AutoCloseable {

    /** Larger than any PCP message, so that an oversize one is seen as such. */
    private static final int BUFFER_SIZE = 2048;

    private final DatagramChannel channel;

    private ServerChannel(DatagramChannel channel) {
        this.channel = channel;
    }

    /** @throws IOException if there is no way to {@code server} */
    public static ServerChannel connect(InetSocketAddress server) throws IOException {
        return connect(server, _ -> {});
    }

    /**
     * Connects from the address that suits {@code server} best, {@link SourceChoice}.
     *
     * @throws IOException if there is no way to {@code server}, or the address went meanwhile
     */
    public static ServerChannel connect(ServerAddress server, NetworkState state) throws IOException {
        var source = SourceChoice.source(server, state);
        return source.isPresent() ? connect(server.toSocketAddress(), source.get()) : connect(server.toSocketAddress());
    }

    /**
     * Connects from {@code before} if that still suits, {@link SourceChoice#stays}, else from the address that suits best.
     *
     * @throws IOException if there is no way to {@code server}, or the address went meanwhile
     */
    public static ServerChannel connect(ServerAddress server, NetworkState state, PcpAddress before)
            throws IOException {
        var channel = connect(server, state);
        if (!SourceChoice.stays(before, channel.source(), state)) {
            return channel;
        }
        channel.close();
        return connect(server.toSocketAddress(), before);
    }

    /**
     * Connects from an address of this host: what has been mapped is renewed from where it was asked for. RFC 6887 section 11.5.
     *
     * @throws IOException if there is no way to {@code server}, or {@code source} is no address of this host any more
     */
    public static ServerChannel connect(InetSocketAddress server, PcpAddress source) throws IOException {
        return connect(server, channel -> channel.bind(new InetSocketAddress(source.toInetAddress(), 0)));
    }

    private interface Preparation {
        void prepare(DatagramChannel channel) throws IOException;
    }

    private static ServerChannel connect(InetSocketAddress server, Preparation preparation) throws IOException {
        var channel = DatagramChannel.open();
        try {
            channel.configureBlocking(false);
            preparation.prepare(channel);
            return new ServerChannel(channel.connect(server));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** {@return the address that what is sent here comes from} */
    public PcpAddress source() throws IOException {
        return PcpAddress.of(((InetSocketAddress) channel.getLocalAddress()).getAddress());
    }

    /** @throws IOException if it cannot leave; {@link java.net.PortUnreachableException} if an earlier one was refused */
    public void send(byte[] datagram) throws IOException {
        channel.write(ByteBuffer.wrap(datagram));
    }

    /**
     * Has {@code selector} say when there is something to {@link #receive}.
     *
     * @throws java.nio.channels.ClosedChannelException if this channel is closed
     */
    public void register(Selector selector, Object attachment) throws IOException {
        channel.register(selector, SelectionKey.OP_READ, attachment);
    }

    /**
     * {@return the next datagram from the server, if there is one}
     *
     * @throws java.net.PortUnreachableException if nothing listens there
     * @throws java.nio.channels.ClosedChannelException if this channel was closed meanwhile
     */
    public Optional<ByteBuffer> receive() throws IOException {
        var datagram = ByteBuffer.allocate(BUFFER_SIZE);
        return channel.receive(datagram) == null ? Optional.empty() : Optional.of(datagram.flip());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
