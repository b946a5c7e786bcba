package io.portreeve.server.net;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Client;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes datagrams that come from clients by themselves. */
final class Receiver extends SimpleChannelInboundHandler<DatagramPacket> {
    private static final Logger LOG = LoggerFactory.getLogger(Receiver.class);

    private final RequestReader requests;
    private final Function<PcpAddress, SubscriberId> subscribers;
    private final DatagramTaps taps;

    Receiver(RequestReader requests, Function<PcpAddress, SubscriberId> subscribers, DatagramTaps taps) {
        this.requests = requests;
        this.subscribers = subscribers;
        this.taps = taps;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        requests.handOn();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
        var sender = datagram.sender();
        byte[] octets = ByteBufUtil.getBytes(datagram.content());
        taps.received(context.channel(), sender, octets);
        var source = new Endpoint(PcpAddress.of(sender.getAddress()), sender.getPort());
        var client = new Client(subscribers.apply(source.address()), source);
        var outlet = new Outlet(context.channel(), taps);
        requests.read(client, answer -> outlet.answer(sender, octets, answer), octets);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("{}: {}", context.channel().localAddress(), cause.toString());
    }
}
