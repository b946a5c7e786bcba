package io.portreeve.client.net;

import io.portreeve.pcp.PcpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/**
 * A connected socket to one server: the kernel chooses the source address, drops what others send, and reports a closed port.
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
        var channel = DatagramChannel.open();
        try {
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
     * Waits for the next datagram from the server.
     *
     * @throws java.net.PortUnreachableException if nothing listens there
     * @throws java.nio.channels.ClosedChannelException if this channel was closed meanwhile
     */
    public ByteBuffer receive() throws IOException {
        var datagram = ByteBuffer.allocate(BUFFER_SIZE);
        channel.read(datagram);
        return datagram.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
