package io.portreeve.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.testing.OwnNetwork;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OwnNetwork.class)
class ConnectionsTest {
    private static final PcpAddress LOOPBACK = PcpAddress.parse("127.0.0.1");

    private static InnerEndpoint from(int port) {
        return new InnerEndpoint(IpProtocol.UDP, LOOPBACK, port);
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
            assertThat(connections.outerEndOf(from(2001), LOOPBACK, 53))
                    .contains(new OuterEndpoint(IpProtocol.UDP, LOOPBACK, 3001));
            assertThat(connections.outerEndOf(from(2002), LOOPBACK, 53))
                    .contains(new OuterEndpoint(IpProtocol.UDP, LOOPBACK, 2002));
            assertThat(connections.outerEndOf(from(2001), LOOPBACK, 54)).isEmpty();
            assertThat(connections.outerEndOf(from(2003), LOOPBACK, 53)).isEmpty();
            assertThat(connections.outerEndOf(new InnerEndpoint(IpProtocol.TCP, LOOPBACK, 2001), LOOPBACK, 53))
                    .isEmpty();
        }
    }
}
