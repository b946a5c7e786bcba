package io.portreeve.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.netlink.NetlinkSocket;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.testing.OwnNetwork;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(OwnNetwork.class)
class ConntrackTest {
    private static final PcpAddress LOOPBACK = PcpAddress.parse("127.0.0.1");

    private static final int ROUTE = 0;

    enum Kernel {
        OF_THIS_MACHINE,
        WITHOUT_FILTERS
    }

    private static Conntrack conntrack(Kernel kernel, NetlinkSocket socket) throws Exception {
        return kernel == Kernel.OF_THIS_MACHINE ? Conntrack.of(socket) : Conntrack.listing(socket);
    }

    private static void track() throws NetfilterException {
        Nft.run("table ip track { chain out { type filter hook output priority 0; ct state new accept; }\n }");
    }

    private static int tracked() throws IOException {
        return Integer.parseInt(Files.readString(Path.of("/proc/sys/net/netfilter/nf_conntrack_count"))
                .strip());
    }

    private static OuterEndpoint end(int port) {
        return new OuterEndpoint(IpProtocol.UDP, LOOPBACK, port);
    }

    private static void send(DatagramSocket from, int... ports) throws IOException {
        for (int port : ports) {
            from.send(new DatagramPacket(new byte[1], 1, InetAddress.getLoopbackAddress(), port));
        }
    }

    @ParameterizedTest
    @EnumSource
    void cutsWhatComesToAnEndAndWhatLeavesWithItAndNothingElse(Kernel kernel) throws Exception {
        track();
        try (var first = new DatagramSocket();
                var second = new DatagramSocket();
                var socket = NetlinkSocket.open(NetlinkSocket.NETFILTER)) {
            send(first, 2001, 2002);
            send(second, 2001, 2002, 2003);
            assertThat(tracked()).isEqualTo(5);
            var conntrack = conntrack(kernel, socket);
            assertThat(tracked()).isEqualTo(5);

            conntrack.cut(List.of(end(2009)));
            assertThat(tracked()).isEqualTo(5);
            conntrack.cut(List.of(new OuterEndpoint(IpProtocol.TCP, LOOPBACK, 2001)));
            assertThat(tracked()).isEqualTo(5);
            conntrack.cut(List.of(end(2001)));
            assertThat(tracked()).isEqualTo(3);
            conntrack.cut(List.of(end(second.getLocalPort())));
            assertThat(tracked()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void cutsManyAtOnce(Kernel kernel) throws Exception {
        track();
        try (var sender = new DatagramSocket();
                var socket = NetlinkSocket.open(NetlinkSocket.NETFILTER)) {
            send(sender, IntStream.rangeClosed(3000, 3500).toArray());
            var ends = new ArrayList<OuterEndpoint>();
            IntStream.rangeClosed(3001, 3500).forEach(port -> ends.add(end(port)));
            conntrack(kernel, socket).cut(ends);
            assertThat(tracked()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void cutsIpv6Too(Kernel kernel) throws Exception {
        Nft.run("table inet track { chain out { type filter hook output priority 0; ct state new accept; }\n }");
        var loopback = PcpAddress.parse("::1");
        try (var sender = new DatagramSocket();
                var socket = NetlinkSocket.open(NetlinkSocket.NETFILTER)) {
            for (int port : List.of(2001, 2002)) {
                sender.send(new DatagramPacket(new byte[1], 1, loopback.toInetAddress(), port));
            }
            send(sender, 2001);
            assertThat(tracked()).isEqualTo(3);
            conntrack(kernel, socket).cut(List.of(new OuterEndpoint(IpProtocol.UDP, loopback, 2001)));
            assertThat(tracked()).isEqualTo(2);
            conntrack(kernel, socket).cut(List.of(new OuterEndpoint(IpProtocol.UDP, loopback, sender.getLocalPort())));
            assertThat(tracked()).as("that of IPv4").isEqualTo(1);
        }
    }

    /** Another protocol of netlink does not know what is asked, as a kernel without the module. */
    @Test
    void aKernelWithoutTheModuleIsToldOf() throws Exception {
        try (var socket = NetlinkSocket.open(ROUTE)) {
            assertThatThrownBy(() -> Conntrack.of(socket))
                    .isInstanceOf(NetfilterException.class)
                    .hasMessageContaining("nf_conntrack_netlink");
        }
    }
}
