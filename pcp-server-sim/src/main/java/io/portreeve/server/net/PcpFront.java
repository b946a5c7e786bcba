package io.portreeve.server.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.wire.DecodedNatPmpRequest;
import io.portreeve.pcp.wire.DecodedRequest;
import io.portreeve.pcp.wire.NatPmpDecoder;
import io.portreeve.pcp.wire.NatPmpEncoder;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.engine.ServerEffect.AnnounceToAll;
import io.portreeve.server.engine.ServerEffect.Answer;
import io.portreeve.server.engine.ServerEffect.Ignore;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.RefuseNatPmp;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEffect.ReplyNatPmp;
import io.portreeve.server.engine.ServerEffect.Send;
import io.portreeve.server.engine.ServerEffect.SendNatPmp;
import io.portreeve.server.engine.ServerEffect.Sent;
import io.portreeve.server.engine.ServerEffect.Unasked;
import io.portreeve.server.engine.ServerEvent.Asks;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerEvent.ReceivedNatPmp;
import io.portreeve.server.engine.ServerEvent.Refused;
import io.portreeve.server.engine.ServerEvent.RefusedNatPmp;
import io.portreeve.server.engine.ServerPolicy.Versions;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Datagrams in, events out; answers in, datagrams out. One channel for each address, all on one thread. */
public final class PcpFront implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PcpFront.class);

    /** More than a PCP message may have, so that one that is too long does not look as if it were not. */
    static final int RECEIVE_BUFFER = 2048;

    /** What is read together is handed on together; the engine works on it while the next are read. */
    private static final int READ_TOGETHER = 16;

    /** Where clients listen for what nobody asked for. RFC 6887 section 19.1. */
    private static final int CLIENT_PORT = 5350;

    private static final PcpAddress ALL_IPV4_HOSTS = PcpAddress.parse("224.0.0.1");
    private static final PcpAddress ALL_IPV6_NODES = PcpAddress.parse("ff02::1");

    private final Consumer<Asks> inbox;
    private final Set<Opcode> served;
    private final Versions versions;
    private final boolean logExchanges;
    private final Unanswered unanswered = new Unanswered();
    private final Counters counters = new Counters();
    private final EventLoopGroup threads = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<Channel> channels = new CopyOnWriteArrayList<>();

    /**
     * @param served the opcodes this server knows
     * @param versions what it speaks; without NAT-PMP that is an unknown version of PCP
     */
    public PcpFront(Consumer<Asks> inbox, Set<Opcode> served, Versions versions, boolean logExchanges) {
        this.inbox = inbox;
        this.served = served;
        this.versions = versions;
        this.logExchanges = logExchanges;
    }

    /**
     * Starts to listen on all of {@code addresses}.
     *
     * @param port 0 for any free one, another for each address
     */
    public void bind(List<PcpAddress> addresses, int port) throws BindFailure {
        for (var address : addresses) {
            channels.add(bind(address, port));
        }
    }

    private Channel bind(PcpAddress address, int port) throws BindFailure {
        var family = address.isIpv4() ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        var bootstrap = new Bootstrap()
                .group(threads)
                .channelFactory(() -> new NioDatagramChannel(family))
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(RECEIVE_BUFFER).maxMessagesPerRead(READ_TOGETHER))
                .handler(new Receiver());
        // not where the machine's own traffic goes, but to the clients of this address
        interfaceOf(address).ifPresent(it -> bootstrap.option(ChannelOption.IP_MULTICAST_IF, it));
        var bound = bootstrap
                .bind(new InetSocketAddress(address.toInetAddress(), port))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new BindFailure(whyNot(address, port, bound.cause()), bound.cause());
        }
        return bound.channel();
    }

    private static Optional<NetworkInterface> interfaceOf(PcpAddress address) {
        try {
            return Optional.ofNullable(NetworkInterface.getByInetAddress(address.toInetAddress()));
        } catch (SocketException e) {
            return Optional.empty();
        }
    }

    /** The texts of the exceptions depend on the language of the machine, so the reason is found by trying. */
    private static String whyNot(PcpAddress address, int port, Throwable cause) {
        try (var _ = new DatagramSocket(new InetSocketAddress(address.toInetAddress(), 0))) {
            return port < 1024
                    ? "cannot listen on " + new Endpoint(address, port) + " (" + cause.getMessage()
                            + "): it is taken, or needs the right to open ports below 1024"
                    : "cannot listen on " + new Endpoint(address, port)
                            + ": another program has this UDP port; stop that one or choose another 'port'";
        } catch (SocketException e) {
            return "cannot listen on " + address + ": it is not an address of this machine; correct 'listen'";
        }
    }

    /** {@return what has come and gone} */
    public Counters counters() {
        return counters;
    }

    public List<InetSocketAddress> addresses() {
        return channels.stream()
                .map(channel -> (InetSocketAddress) channel.localAddress())
                .toList();
    }

    /** Collects what is there, so that it can be committed together. */
    private final class Receiver extends SimpleChannelInboundHandler<DatagramPacket> {
        private final List<Asks> received = new ArrayList<>();

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            received.forEach(inbox);
            received.clear();
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
            var client = datagram.sender();
            var source = new Endpoint(PcpAddress.of(client.getAddress()), client.getPort());
            byte[] octets = ByteBufUtil.getBytes(datagram.content());
            if (versions.isForNatPmp(octets)) {
                receiveNatPmp(context.channel(), client, source, octets);
                return;
            }
            if (versions == Versions.DRAFT) {
                receiveAsDraft(context.channel(), client, source, octets);
                return;
            }
            switch (PcpDecoder.decodeRequest(ByteBuffer.wrap(octets), source.address(), served)) {
                case DecodedRequest.Ok(var request) -> {
                    counters.requested(request);
                    var exchange = new Exchange(context.channel(), client, octets, Optional.of(request));
                    received.add(new Received(unanswered.add(exchange), source, request));
                }
                case DecodedRequest.Refuse(var result) -> {
                    counters.requestedOddly();
                    var exchange = new Exchange(context.channel(), client, octets, Optional.empty());
                    received.add(new Refused(unanswered.add(exchange), source, result));
                }
                case DecodedRequest.Drop(var reason) -> drop(source, reason);
            }
        }

        private void drop(Endpoint source, Object reason) {
            counters.dropped();
            LOG.debug("silence for {}: {}", source, reason);
        }

        /** Answers are answered by nobody, whatever the version. RFC 6887 section 8.2. */
        private void receiveAsDraft(Channel channel, InetSocketAddress client, Endpoint source, byte[] octets) {
            if (octets.length < 2 || octets[1] < 0) {
                drop(source, "no request");
                return;
            }
            counters.requestedOddly();
            var exchange = new Exchange(channel, client, octets, Optional.empty());
            received.add(new Refused(unanswered.add(exchange), source, ResultCode.UNSUPP_VERSION));
        }

        private void receiveNatPmp(Channel channel, InetSocketAddress client, Endpoint source, byte[] octets) {
            var exchange = new Exchange(channel, client, octets, Optional.empty());
            switch (NatPmpDecoder.decodeRequest(ByteBuffer.wrap(octets))) {
                case DecodedNatPmpRequest.Ok(var request) -> {
                    counters.requested(request);
                    received.add(new ReceivedNatPmp(unanswered.add(exchange), source, request));
                }
                case DecodedNatPmpRequest.Refuse(var result) -> {
                    counters.requestedOddly();
                    received.add(new RefusedNatPmp(unanswered.add(exchange), source, result));
                }
                case DecodedNatPmpRequest.Drop(var reason) -> drop(source, reason);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.debug("{}: {}", context.channel().localAddress(), cause.toString());
        }
    }

    /** Sends what the engine decided to whom it concerns: all in one go, because to wake the other thread costs more. */
    public void send(List<Sent> messages) {
        if (!messages.isEmpty()) {
            threads.next().execute(() -> {
                messages.forEach(message -> send(message, 1));
                channels.forEach(Channel::flush);
            });
        }
    }

    /** Sends it as a network does that doubles datagrams. */
    public void sendTwice(Sent message) {
        threads.next().execute(() -> {
            send(message, 2);
            channels.forEach(Channel::flush);
        });
    }

    private void send(Sent message, int copies) {
        switch (message) {
            case Answer answer ->
                unanswered
                        .take(answer.requestId())
                        .ifPresent(exchange -> times(copies, () -> answer(exchange, answer)));
            case Unasked unasked -> times(copies, () -> tell(unasked));
        }
    }

    private static void times(int count, Runnable what) {
        for (int i = 0; i < count; i++) {
            what.run();
        }
    }

    private void answer(Exchange exchange, Answer answer) {
        counters.answered(answer);
        if (logExchanges) {
            LOG.info("{}", ExchangeText.of(exchange, answer));
        }
        octets(exchange, answer).ifPresent(octets -> write(exchange, octets));
    }

    /** Sends what nobody asked for, from the port that clients know. */
    private void tell(Unasked unasked) {
        switch (unasked) {
            case Send(var client, var response) -> write(client, PcpEncoder.encode(response));
            case SendNatPmp(var client, var response) -> write(client, NatPmpEncoder.encode(response));
            case AnnounceToAll(var response) -> {
                var octets = PcpEncoder.encode(response);
                write(new Endpoint(ALL_IPV4_HOSTS, CLIENT_PORT), octets);
                write(new Endpoint(ALL_IPV6_NODES, CLIENT_PORT), octets);
            }
        }
    }

    private void write(Endpoint client, byte[] octets) {
        var target = new InetSocketAddress(client.address().toInetAddress(), client.port());
        channels.stream()
                .filter(channel -> isIpv4(channel) == client.address().isIpv4())
                .forEach(channel -> channel.write(new DatagramPacket(Unpooled.copiedBuffer(octets), target)));
    }

    private static boolean isIpv4(Channel channel) {
        return ((InetSocketAddress) channel.localAddress()).getAddress() instanceof Inet4Address;
    }

    private Optional<byte[]> octets(Exchange exchange, Answer answer) {
        return switch (answer) {
            case Reply(var _, var response) -> Optional.of(PcpEncoder.encode(response));
            case Refuse(var _, var result, var lifetime, var epoch) ->
                Optional.of(inOwnVersion(error(exchange, result, lifetime, epoch)));
            case ReplyNatPmp(var _, var response) -> Optional.of(NatPmpEncoder.encode(response));
            case RefuseNatPmp(var _, var result, var epoch) ->
                Optional.of(NatPmpEncoder.error(ByteBuffer.wrap(exchange.octets()), result, epoch));
            case Ignore _ -> Optional.empty();
        };
    }

    private byte[] inOwnVersion(byte[] error) {
        if (versions == Versions.DRAFT) {
            error[0] = 1;
        }
        return error;
    }

    private static byte[] error(Exchange exchange, ResultCode result, Lifetime lifetime, EpochTime epoch) {
        var request = ByteBuffer.wrap(exchange.octets());
        return exchange.request().isPresent()
                ? PcpEncoder.refusal(request, result, lifetime, epoch)
                : PcpEncoder.error(request, result, lifetime, epoch);
    }

    private static void write(Exchange exchange, byte[] octets) {
        exchange.channel().write(new DatagramPacket(Unpooled.wrappedBuffer(octets), exchange.client()));
    }

    @Override
    public void close() {
        channels.forEach(channel -> channel.close().awaitUninterruptibly());
        threads.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
