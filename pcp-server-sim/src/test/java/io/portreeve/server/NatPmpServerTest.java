package io.portreeve.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.store.TestMachine;
import io.portreeve.settings.Settings;
import io.portreeve.testing.OwnNetwork;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a client of NAT-PMP that listens as it should gets from a server that speaks nothing else. */
@ExtendWith(OwnNetwork.class)
final class NatPmpServerTest {
    private static final int CLIENT_PORT = 5350;
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    @TempDir
    private Path directory;

    private PcpServer start(String pool) throws Exception {
        var lines = List.of("listen = 127.0.0.1", "nat-pmp = only", "pool = " + pool, "state-dir = " + directory);
        return PcpServer.start(ServerSettings.of(new Settings("test", lines)), new TestMachine().machine());
    }

    private static ByteBuffer receive(DatagramSocket socket) throws Exception {
        socket.setSoTimeout(30_000);
        var packet = new DatagramPacket(new byte[100], 100);
        socket.receive(packet);
        assertThat(packet.getSocketAddress()).isEqualTo(new InetSocketAddress(LOOPBACK, 5351));
        return ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
    }

    private static void assertTells(int external, ByteBuffer announcement) {
        assertThat(announcement.remaining()).isEqualTo(12);
        assertThat(announcement.getInt()).as("version, opcode and result").isEqualTo(0x00800000);
        assertThat(announcement.getInt()).as("epoch").isZero();
        assertThat(announcement.getInt()).isEqualTo(external);
    }

    @Test
    @Proves("pcp:B-NPMP-06")
    void aLossComesToTheGroup() throws Exception {
        var group = new InetSocketAddress("224.0.0.1", CLIENT_PORT);
        try (var server = start("203.0.114.1");
                var client = new MulticastSocket(group)) {
            client.joinGroup(group, NetworkInterface.getByInetAddress(LOOPBACK));
            server.clear();
            assertTells(0xCB007201, receive(client));
        }
    }

    @Test
    @Proves("pcp:B-NPMP-06")
    void anotherAddressComesToTheClient() throws Exception {
        try (var server = start("203.0.114.1-203.0.114.2");
                var client = new DatagramSocket(new InetSocketAddress(LOOPBACK, CLIENT_PORT))) {
            client.send(new DatagramPacket(new byte[2], 2, server.address()));
            int before = receive(client).getInt(8);
            int after = before == 0xCB007201 ? 0xCB007202 : 0xCB007201;
            server.renumber(new SubscriberId(PcpAddress.of(LOOPBACK)), PcpAddress.ofIpv4(after));
            assertTells(after, receive(client));
        }
    }
}
