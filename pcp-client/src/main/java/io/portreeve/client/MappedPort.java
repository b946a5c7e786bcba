package io.portreeve.client;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A port of this machine that can be reached from outside. The port is bound, by nobody else, before the mapping is asked for, and
 * nobody can send from it before there is one. RFC 6887 sections 10.2 and 11.
 *
 * @param <C> how the port is used
 */
public final class MappedPort<C extends NetworkChannel> implements AutoCloseable {
    private final PcpClient client;
    private final MappingRequest request;
    private final C channel;
    private final Endpoint external;

    private MappedPort(PcpClient client, MappingRequest request, C channel, Endpoint external) {
        this.client = client;
        this.request = request;
        this.channel = channel;
        this.external = external;
    }

    /**
     * {@return a TCP port that listens}
     *
     * @param local port 0 for any that is free
     * @param lifetime see {@link MappingLease.UntilReleased}
     * @throws IOException if the port cannot be bound; the future fails with one if it is not mapped
     */
    public static CompletableFuture<MappedPort<ServerSocketChannel>> listen(
            PcpClient client, String owner, InetSocketAddress local, Lifetime lifetime) throws IOException {
        return map(client, owner, ServerSocketChannel.open(), local, IpProtocol.TCP, lifetime);
    }

    /** {@return a UDP port} Otherwise as {@link #listen}. */
    public static CompletableFuture<MappedPort<DatagramChannel>> open(
            PcpClient client, String owner, InetSocketAddress local, Lifetime lifetime) throws IOException {
        return map(client, owner, DatagramChannel.open(), local, IpProtocol.UDP, lifetime);
    }

    private static <C extends NetworkChannel> CompletableFuture<MappedPort<C>> map(
            PcpClient client, String owner, C channel, InetSocketAddress local, IpProtocol protocol, Lifetime lifetime)
            throws IOException {
        int port = bound(channel, local);
        try {
            var request = request(owner, port, protocol, lifetime);
            return client.map(request).handle((outcome, failure) -> mapped(client, request, channel, outcome, failure));
        } catch (RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static <C extends NetworkChannel> MappedPort<C> mapped(
            PcpClient client, MappingRequest request, C channel, MappingOutcome outcome, Throwable failure) {
        if (outcome instanceof MappingOutcome.Granted(var external, var _, int _)) {
            return new MappedPort<>(client, request, channel, external);
        }
        try {
            client.release(request.owner(), request.key());
        } finally {
            close(channel);
        }
        throw new CompletionException(
                new IOException(request.key() + " is not mapped: " + (failure == null ? outcome : failure), failure));
    }

    private static int bound(NetworkChannel channel, InetSocketAddress local) throws IOException {
        try {
            channel.bind(local);
            return ((InetSocketAddress) channel.getLocalAddress()).getPort();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static MappingRequest request(String owner, int port, IpProtocol protocol, Lifetime lifetime) {
        var key = new MappingKey(Optional.empty(), protocol, port, PcpAddress.ANY_IPV4);
        return new MappingRequest(key, owner, new ExternalChoice.Preferred(port), lifetime);
    }

    private static void close(NetworkChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /** {@return the bound port, which the caller may use, and leaves to this object to close} */
    public C channel() {
        return channel;
    }

    /** {@return where it could be reached first; {@link PcpClient#listen} tells when that changes} */
    public Endpoint external() {
        return external;
    }

    /**
     * Gives up the mapping, then the port: who gets the port next is not reached by mistake. It returns at once; the port stays
     * bound until the server has deleted the mapping, which a silent one does when its lifetime is over. Who cannot wait closes
     * {@link #channel} too.
     */
    @Override
    public void close() {
        try {
            client.release(request.owner(), request.key()).whenComplete((_, _) -> close(channel));
        } catch (RuntimeException e) {
            close(channel);
            throw e;
        }
    }
}
