package io.portreeve.server.net;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what comes to a channel. What is read together is handed on together. */
abstract class DatagramReader extends SimpleChannelInboundHandler<DatagramPacket> {
    private static final Logger LOG = LoggerFactory.getLogger(DatagramReader.class);

    final RequestReader requests;
    private final DatagramTaps taps;

    DatagramReader(RequestReader requests, DatagramTaps taps) {
        this.requests = requests;
        this.taps = taps;
    }

    /** @param octets nobody changes them any more */
    abstract void read(InetSocketAddress sender, byte[] octets, Outlet outlet);

    @Override
    protected final void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
        byte[] octets = ByteBufUtil.getBytes(datagram.content());
        taps.received(context.channel(), datagram.sender(), octets);
        read(datagram.sender(), octets, new Outlet(context.channel(), taps));
    }

    @Override
    public final void channelReadComplete(ChannelHandlerContext context) {
        requests.handOn();
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("{}: {}", context.channel().localAddress(), cause.toString());
    }
}
