package io.portreeve.client.threads;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.wire.DecodedRequest;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.pcp.wire.PcpEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Grants everything, and remembers what it was asked. */
final class FakeServer implements AutoCloseable {
    final List<MapRequest> asked = new CopyOnWriteArrayList<>();
    private final DatagramChannel channel;

    FakeServer() throws IOException {
        channel = DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofPlatform().name("fake-server").start(this::run);
    }

    int port() {
        try {
            return ((InetSocketAddress) channel.getLocalAddress()).getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run() {
        try {
            while (true) {
                answer();
            }
        } catch (ClosedChannelException e) {
            Thread.currentThread().interrupt(); // closed by the test: the thread ends
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer() throws IOException {
        var datagram = ByteBuffer.allocate(2048);
        var from = (InetSocketAddress) channel.receive(datagram);
        var decoded = PcpDecoder.decodeRequest(datagram.flip(), PcpAddress.of(from.getAddress()));
        if (!(decoded instanceof DecodedRequest.Ok(MapRequest request))) {
            throw new AssertionError("no MAP request came but " + decoded);
        }
        asked.add(request);
        int port = request.lifetime().isDelete() ? 0 : 40_000 + request.internalPort();
        var response = new MapResponse(
                0,
                new Lifetime(Math.min(3600, request.lifetime().seconds())),
                new EpochTime(1000),
                request.nonce(),
                request.protocol(),
                request.internalPort(),
                port,
                port == 0 ? PcpAddress.ANY_IPV4 : PcpAddress.parse("203.0.114.1"),
                request.options());
        channel.send(ByteBuffer.wrap(PcpEncoder.encode(response)), from);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
