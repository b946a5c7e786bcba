package io.portreeve.server.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.wire.DecodedResponse;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.pcp.wire.PcpEncoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A PCP client with many requests under way. It waits for nothing: it is asked to send and to hear. */
final class Subscriber implements AutoCloseable {
    private static final int PORTS = 20;
    private static final int OUTSTANDING = 6;

    private final List<Wish> wishes = new ArrayList<>();
    private final DatagramChannel channel;
    private final ByteBuffer received = ByteBuffer.allocate(2048);

    /** @param selector told when an answer has come */
    Subscriber(PcpAddress address, Selector selector) throws IOException {
        channel = DatagramChannel.open().bind(new InetSocketAddress(address.toInetAddress(), 0));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
        for (int port = 1; port <= PORTS; port++) {
            wishes.add(new Wish(address, port % 2 == 0 ? IpProtocol.TCP : IpProtocol.UDP, port));
        }
    }

    List<Wish> wishes() {
        return wishes;
    }

    /** Asks for something new while it may. */
    void ask(InetSocketAddress server, RandomGenerator random) throws IOException {
        long free = OUTSTANDING - wishes.stream().filter(it -> !it.isAnswered()).count();
        while (free > 0) {
            var wish = wishes.get(random.nextInt(PORTS));
            if (wish.isAnswered()) {
                send(wish.next(random), server);
                free--;
            }
        }
    }

    /** Asks once more for all that was not answered, and renews all that was granted. */
    void askAgain(InetSocketAddress server) throws IOException {
        for (var wish : wishes) {
            if (wish.isGranted() || !wish.isAnswered()) {
                send(wish.again(), server);
            }
        }
    }

    private void send(MapRequest request, InetSocketAddress server) throws IOException {
        channel.send(ByteBuffer.wrap(PcpEncoder.encode(request)), server);
    }

    /** {@return the epoch of an answer that has come} */
    Optional<EpochTime> hear() throws IOException {
        received.clear();
        if (channel.receive(received) == null) {
            return Optional.empty();
        }
        var decoded = PcpDecoder.decodeResponse(received.flip());
        assertThat(decoded).isInstanceOf(DecodedResponse.Ok.class);
        var answer = (MapResponse) ((DecodedResponse.Ok) decoded).response();
        var wish = wishes.stream().filter(it -> it.isFor(answer)).findFirst().orElseThrow();
        wish.hear(answer);
        return Optional.of(answer.epoch());
    }

    boolean isAnswered() {
        return wishes.stream().allMatch(Wish::isAnswered);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
