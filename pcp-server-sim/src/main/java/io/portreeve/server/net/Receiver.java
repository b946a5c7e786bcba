package io.portreeve.server.net;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.wire.DecodedNatPmpRequest;
import io.portreeve.pcp.wire.DecodedRequest;
import io.portreeve.pcp.wire.NatPmpDecoder;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.engine.ServerEvent.Asks;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerEvent.ReceivedNatPmp;
import io.portreeve.server.engine.ServerEvent.Refused;
import io.portreeve.server.engine.ServerEvent.RefusedNatPmp;
import io.portreeve.server.engine.ServerPolicy.Versions;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads requests out of datagrams, and collects what is there, so that it can be committed together. */
final class Receiver extends SimpleChannelInboundHandler<DatagramPacket> {
    private static final Logger LOG = LoggerFactory.getLogger(Receiver.class);

    private final Consumer<Asks> inbox;
    private final Spoken spoken;
    private final Unanswered unanswered;
    private final Counters counters;
    private final DatagramTaps taps;
    private final List<Asks> received = new ArrayList<>();

    Receiver(Consumer<Asks> inbox, Spoken spoken, Unanswered unanswered, Counters counters, DatagramTaps taps) {
        this.inbox = inbox;
        this.spoken = spoken;
        this.unanswered = unanswered;
        this.counters = counters;
        this.taps = taps;
    }

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
        taps.received(context.channel(), client, octets);
        if (spoken.versions().isForNatPmp(octets)) {
            receiveNatPmp(context.channel(), client, source, octets);
            return;
        }
        if (spoken.versions() == Versions.DRAFT) {
            receiveAsDraft(context.channel(), client, source, octets);
            return;
        }
        switch (PcpDecoder.decodeRequest(ByteBuffer.wrap(octets), source.address(), spoken.opcodes())) {
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
