package io.portreeve.server.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.wire.NatPmpEncoder;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
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
import io.portreeve.server.engine.ServerPolicy.Versions;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Datagrams in, events out; answers in, datagrams out. One channel for each address, all on one thread. */
public final class PcpFront implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PcpFront.class);

    /** More than a PCP message may have, so that one that is too long does not look as if it were not. */
    static final int RECEIVE_BUFFER = 2048;

    /** What is read together is handed on together; the engine works on it while the next are read. */
    private static final int READ_TOGETHER = 16;

    private static final PcpAddress LOOPBACK = PcpAddress.parse("127.0.0.1");
    private static final PcpAddress ALL_IPV4_HOSTS = PcpAddress.parse("224.0.0.1");
    private static final PcpAddress ALL_IPV6_NODES = PcpAddress.parse("ff02::1");

    private final Consumer<Asks> inbox;
    private final Function<PcpAddress, SubscriberId> subscribers;
    private final Spoken spoken;
    private final boolean logExchanges;
    private final Unanswered unanswered = new Unanswered();
    private final Counters counters = new Counters();
    private final DatagramTaps taps = new DatagramTaps();
    private final EventLoopGroup threads = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<Channel> channels = new CopyOnWriteArrayList<>();
    private final EncapsulationChannel encapsulation;
    private volatile Optional<Channel> toCgn = Optional.empty();

    /** @param subscribers whose packets come from an address, if they come by themselves */
    public PcpFront(
            Consumer<Asks> inbox, Function<PcpAddress, SubscriberId> subscribers, Spoken spoken, boolean logExchanges) {
        this.inbox = inbox;
        this.subscribers = subscribers;
        this.spoken = spoken;
        this.logExchanges = logExchanges;
        encapsulation = new EncapsulationChannel(reader(), counters, taps);
    }

    /**
     * Starts to listen on all of {@code addresses}.
     *
     * @param port 0 for any free one, another for each address
     */
    public void bind(List<PcpAddress> addresses, int port) throws BindFailure {
        for (var address : addresses) {
            channels.add(bind(address, port, "port", new Receiver(reader(), subscribers, taps)));
        }
    }

    /**
     * Starts to listen to a CGN on this machine that hands over what it takes out of tunnels.
     *
     * @param port 0 for any free one
     */
    public void bindEncapsulation(int port) throws BindFailure {
        toCgn = Optional.of(bind(LOOPBACK, port, "encapsulation-port", encapsulation));
    }

    private RequestReader reader() {
        return new RequestReader(inbox, spoken, unanswered, counters);
    }

    private Channel bind(PcpAddress address, int port, String key, ChannelHandler handler) throws BindFailure {
        var family = address.isIpv4() ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        var bootstrap = new Bootstrap()
                .group(threads)
                .channelFactory(() -> new NioDatagramChannel(family))
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(RECEIVE_BUFFER).maxMessagesPerRead(READ_TOGETHER))
                .handler(handler);
        // not where the machine's own traffic goes, but to the clients of this address
        interfaceOf(address).ifPresent(it -> bootstrap.option(ChannelOption.IP_MULTICAST_IF, it));
        var bound = bootstrap
                .bind(new InetSocketAddress(address.toInetAddress(), port))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new BindFailure(whyNot(new Endpoint(address, port), key, bound.cause()), bound.cause());
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
    private static String whyNot(Endpoint wanted, String key, Throwable cause) {
        try (var _ = new DatagramSocket(new InetSocketAddress(wanted.address().toInetAddress(), 0))) {
            return wanted.port() < 1024
                    ? "cannot listen on " + wanted + " (" + cause.getMessage()
                            + "): it is taken, or needs the right to open ports below 1024"
                    : "cannot listen on " + wanted
                            + ": another program has this UDP port; stop that one or choose another '" + key + "'";
        } catch (SocketException e) {
            return "cannot listen on " + wanted.address() + ": it is not an address of this machine; correct 'listen'";
        }
    }

    /** {@return what has come and gone} */
    public Counters counters() {
        return counters;
    }

    /** {@return those who see every datagram} */
    public DatagramTaps taps() {
        return taps;
    }

    public List<InetSocketAddress> addresses() {
        return channels.stream()
                .map(channel -> (InetSocketAddress) channel.localAddress())
                .toList();
    }

    /** {@return where it listens to a CGN that hands over packets; empty if it does not} */
    public Optional<InetSocketAddress> encapsulationAddress() {
        return toCgn.map(channel -> (InetSocketAddress) channel.localAddress());
    }

    /** Sends what the engine decided to whom it concerns: all in one go, because to wake the other thread costs more. */
    public void send(List<Sent> messages) {
        if (!messages.isEmpty()) {
            threads.next().execute(() -> {
                messages.forEach(message -> send(message, 1));
                flush();
            });
        }
    }

    /** Sends it as a network does that doubles datagrams. */
    public void sendTwice(Sent message) {
        threads.next().execute(() -> {
            send(message, 2);
            flush();
        });
    }

    /** Waits until what was seen before has been handed on, and what was given to it has been sent. */
    public void settle() {
        threads.next().submit(() -> {}).syncUninterruptibly();
    }

    private void flush() {
        channels.forEach(Channel::flush);
        toCgn.ifPresent(Channel::flush);
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
        octets(exchange, answer).ifPresent(exchange.back()::send);
    }

    /** Sends what nobody asked for, from the port that clients know. */
    private void tell(Unasked unasked) {
        switch (unasked) {
            case Send(var client, var response)
            when client.isTunnelled() -> encapsulation.tell(client, PcpEncoder.encode(response));
            case Send(var client, var response) -> write(client.endpoint(), PcpEncoder.encode(response));
            case SendNatPmp(var client, var response) -> write(client, NatPmpEncoder.encode(response));
            case AnnounceToAll(var response) -> {
                var octets = PcpEncoder.encode(response);
                write(new Endpoint(ALL_IPV4_HOSTS, PcpMessage.CLIENT_PORT), octets);
                write(new Endpoint(ALL_IPV6_NODES, PcpMessage.CLIENT_PORT), octets);
            }
        }
    }

    private void write(Endpoint client, byte[] octets) {
        var target = new InetSocketAddress(client.address().toInetAddress(), client.port());
        channels.stream()
                .filter(channel -> isIpv4(channel) == client.address().isIpv4())
                .forEach(channel -> new Outlet(channel, taps).write(target, octets));
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
        if (spoken.versions() == Versions.DRAFT) {
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

    @Override
    public void close() {
        channels.forEach(channel -> channel.close().awaitUninterruptibly());
        toCgn.ifPresent(channel -> channel.close().awaitUninterruptibly());
        threads.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
