package io.portreeve.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.testing.OwnNetwork;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OwnNetwork.class)
class ConnectionsTest {
    private static final PcpAddress LOOPBACK = PcpAddress.parse("127.0.0.1");

    private static InnerEndpoint from(int port) {
        return new InnerEndpoint(IpProtocol.UDP, LOOPBACK, port);
    }

    private static Optional<OuterEndpoint> outer(
            Connections connections, InnerEndpoint inner, PcpAddress remote, int remotePort) throws Exception {
        return connections.between(inner, remote, remotePort).map(LiveConnection::outer);
    }

    @Test
    void tellsWithWhatSourceATranslatedConnectionLeaves() throws Exception {
        Nft.run("""
                table ip test {
                    chain out {
                        type nat hook postrouting priority srcnat;
                        meta l4proto udp udp sport 2001 snat to 127.0.0.1:3001
                        ct state new accept
                    }
                }
                """);
        try (var connections = Connections.open();
                var translated = new DatagramSocket(2001, InetAddress.getLoopbackAddress());
                var other = new DatagramSocket(2002, InetAddress.getLoopbackAddress())) {
            var packet = new DatagramPacket(new byte[1], 1, InetAddress.getLoopbackAddress(), 53);
            translated.send(packet);
            other.send(packet);
            assertThat(outer(connections, from(2001), LOOPBACK, 53))
                    .contains(new OuterEndpoint(IpProtocol.UDP, LOOPBACK, 3001));
            assertThat(outer(connections, from(2002), LOOPBACK, 53))
                    .contains(new OuterEndpoint(IpProtocol.UDP, LOOPBACK, 2002));
            assertThat(outer(connections, from(2001), LOOPBACK, 54)).isEmpty();
            assertThat(outer(connections, from(2003), LOOPBACK, 53)).isEmpty();
            assertThat(outer(connections, new InnerEndpoint(IpProtocol.TCP, LOOPBACK, 2001), LOOPBACK, 53))
                    .isEmpty();
        }
    }

    @Test
    void tellsHowLongTheKernelKeepsAConnectionWhoeverBeganIt() throws Exception {
        Nft.run("""
                table ip test {
                    chain out {
                        type filter hook output priority filter;
                        ct state new accept
                    }
                }
                """);
        try (var connections = Connections.open();
                var client = new DatagramSocket(2001, InetAddress.getLoopbackAddress());
                var server = new DatagramSocket(2002, InetAddress.getLoopbackAddress())) {
            client.send(new DatagramPacket(new byte[1], 1, server.getLocalSocketAddress()));
            var begun = connections.between(from(2001), LOOPBACK, 2002).orElseThrow();
            assertThat(begun.outer()).isEqualTo(new OuterEndpoint(IpProtocol.UDP, LOOPBACK, 2001));
            assertThat(begun.left()).isBetween(Duration.ofSeconds(1), Duration.ofMinutes(3));
            var answered = connections.between(from(2002), LOOPBACK, 2001).orElseThrow();
            assertThat(answered.outer()).isEqualTo(new OuterEndpoint(IpProtocol.UDP, LOOPBACK, 2002));
        }
    }

    /** Neither their remote ends nor the addresses they have outside matter. */
    @Test
    void cutsTheConnectionsOfHostsWhoeverBeganThem() throws Exception {
        Nft.run("""
                table ip test {
                    chain in {
                        type nat hook output priority -100;
                        ip daddr 127.0.0.9 udp dport 9 dnat to 127.0.0.2:53
                        ct state new accept
                    }
                }
                """);
        var host = PcpAddress.parse("127.0.0.2");
        var public9 = new InetSocketAddress("127.0.0.9", 9);
        try (var connections = Connections.open();
                var server = new DatagramSocket(new InetSocketAddress("127.0.0.2", 53));
                var other = new DatagramSocket(new InetSocketAddress("127.0.0.3", 53));
                var client = new DatagramSocket(new InetSocketAddress("127.0.0.1", 2001))) {
            client.send(new DatagramPacket(new byte[1], 1, public9));
            client.send(new DatagramPacket(new byte[1], 1, other.getLocalSocketAddress()));
            server.send(new DatagramPacket(new byte[1], 1, new InetSocketAddress("127.0.0.4", 7)));
            var inbound = new InnerEndpoint(IpProtocol.UDP, host, 53);
            var elsewhere = new InnerEndpoint(IpProtocol.UDP, PcpAddress.parse("127.0.0.3"), 53);
            assertThat(connections.between(inbound, LOOPBACK, 2001)).isPresent();
            assertThat(connections.between(inbound, PcpAddress.parse("127.0.0.4"), 7))
                    .isPresent();

            connections.cut(host::equals);
            assertThat(connections.between(inbound, LOOPBACK, 2001)).isEmpty();
            assertThat(connections.between(inbound, PcpAddress.parse("127.0.0.4"), 7))
                    .isEmpty();
            assertThat(connections.between(elsewhere, LOOPBACK, 2001)).isPresent();
        }
    }
}
