package io.portreeve.bench.client;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.wire.DecodedResponse;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.pcp.wire.PcpEncoder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** What no client can do without: the request is written, sent, its answer received and read. Nothing is kept. */
final class BareExchanges {
    private final DatagramChannel channel;
    private final ByteBuffer received = ByteBuffer.allocate(2048);

    private BareExchanges(DatagramChannel channel) {
        this.channel = channel;
    }

    /**
     * Makes as many exchanges as each line of its input says, each at the distance that follows.
     *
     * @param args the server's port
     */
    public static void main(String... args) throws Exception {
        var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        try (var channel = DatagramChannel.open().connect(server);
                var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            var exchanges = new BareExchanges(channel);
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                var words = line.split(" ");
                exchanges.make(Integer.parseInt(words[0]), Duration.parse(words[1]));
                System.out.println("done");
            }
        }
    }

    private void make(int count, Duration distance) throws IOException {
        var pace = new Pace(distance);
        for (int i = 0; i < count; i++) {
            exchange(1 + i % 65_535);
            pace.await();
        }
    }

    /** An answer that does not come is waited for in vain: the loopback interface loses nothing of so little. */
    private void exchange(int port) throws IOException {
        var request = new MapRequest(
                new Lifetime(7200),
                GrantingServer.ADDRESS,
                new MappingNonce(1, 2, port),
                IpProtocol.UDP,
                port,
                0,
                PcpAddress.ANY_IPV4,
                List.of());
        channel.write(ByteBuffer.wrap(PcpEncoder.encode(request)));
        channel.read(received.clear());
        if (!(PcpDecoder.decodeResponse(received.flip()) instanceof DecodedResponse.Ok)) {
            throw new IOException("a wrong answer");
        }
    }
}
