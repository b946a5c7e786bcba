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
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A PCP server that grants whatever is asked, keeps nothing, and counts. */
final class GrantingServer implements AutoCloseable {
    static final PcpAddress ADDRESS = PcpAddress.parse("127.0.0.1");
    private static final PcpAddress EXTERNAL = PcpAddress.parse("203.0.114.1");

    private final long start = System.nanoTime();
    private final DatagramChannel channel;
    private final Map<Integer, CompletableFuture<Void>> awaited = new HashMap<>();
    private int granted;

    GrantingServer() throws IOException {
        channel = DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofPlatform().daemon().start(this::serve);
    }

    int port() throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    synchronized int granted() {
        return granted;
    }

    /** {@return what is complete as soon as it has granted {@code count} times} */
    synchronized CompletableFuture<Void> hasGranted(int count) {
        return granted < count
                ? awaited.computeIfAbsent(count, _ -> new CompletableFuture<>())
                : CompletableFuture.completedFuture(null);
    }

    private synchronized void count() {
        granted++;
        if (awaited.remove(granted) instanceof CompletableFuture<Void> reached) {
            reached.complete(null);
        }
    }

    private void serve() {
        var received = ByteBuffer.allocate(2048);
        try {
            while (true) {
                var from = channel.receive(received.clear());
                if (PcpDecoder.decodeRequest(received.flip(), ADDRESS, EnumSet.allOf(Opcode.class))
                        instanceof DecodedRequest.Ok(MapRequest request)) {
                    count(); // before the answer: who has it may ask how many there were
                    channel.send(ByteBuffer.wrap(PcpEncoder.encode(grant(request))), from);
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
