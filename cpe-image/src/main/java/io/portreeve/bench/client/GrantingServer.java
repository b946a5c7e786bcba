package io.portreeve.bench.client;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.wire.DecodedRequest;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.pcp.wire.PcpEncoder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;

/** A PCP server that grants whatever is asked, keeps nothing, and counts. */
final class GrantingServer implements AutoCloseable {
    static final PcpAddress ADDRESS = PcpAddress.parse("127.0.0.1");
    private static final PcpAddress EXTERNAL = PcpAddress.parse("203.0.114.1");

    private final long start = System.nanoTime();
    private final AtomicInteger granted = new AtomicInteger();
    private final DatagramChannel channel;

    GrantingServer() throws IOException {
        channel = DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofPlatform().daemon().start(this::serve);
    }

    int port() throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    int granted() {
        return granted.get();
    }

    private void serve() {
        var received = ByteBuffer.allocate(2048);
        try {
            while (true) {
                var from = channel.receive(received.clear());
                if (PcpDecoder.decodeRequest(received.flip(), ADDRESS, EnumSet.allOf(Opcode.class))
                        instanceof DecodedRequest.Ok(MapRequest request)) {
                    channel.send(ByteBuffer.wrap(PcpEncoder.encode(grant(request))), from);
                    granted.incrementAndGet();
                }
            }
        } catch (IOException _) {
            // It is closed at the end.
        }
    }

    private MapResponse grant(MapRequest request) {
        return new MapResponse(
                0,
                request.lifetime(),
                new EpochTime((System.nanoTime() - start) / 1_000_000_000),
                request.nonce(),
                request.protocol(),
                request.internalPort(),
                request.internalPort(),
                EXTERNAL,
                request.options());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
