package io.portreeve.server.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;

/** Where datagrams leave, before the eyes of those who watch. What is written leaves when the channel is flushed. */
record Outlet(Channel channel, DatagramTaps taps) {
    /** Sends what nobody asked for. */
    void write(InetSocketAddress target, byte[] octets) {
        taps.sent(channel, target, octets);
        put(target, octets);
    }

    /** @param request the octets that are answered, as they came */
    void answer(InetSocketAddress target, byte[] request, byte[] answer) {
        taps.answered(channel, target, request, answer);
        put(target, answer);
    }

    private void put(InetSocketAddress target, byte[] octets) {
        channel.write(new DatagramPacket(Unpooled.wrappedBuffer(octets), target));
    }
}
