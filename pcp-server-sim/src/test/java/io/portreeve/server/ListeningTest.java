package io.portreeve.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
import io.portreeve.server.store.TestMachine;
import io.portreeve.settings.Settings;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with several addresses, of which one may be an anycast address. */
class ListeningTest {
    private static final List<String> ADDRESSES = List.of("127.0.0.1", "127.0.0.9");
    private static final byte[] ANNOUNCE =
            HexFormat.of().parseHex("0200000000000000" + "00000000000000000000ffff7f000001");

    private final TestMachine machine = new TestMachine();

    @TempDir
    private Path directory;

    private static int freePort() throws Exception {
        try (var socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return socket.getLocalPort();
        }
    }

    @Test
    @Proves("pcp:C-SEL-05")
    void answersFromTheAddressAndPortThatWereAsked() throws Exception {
        int port = freePort();
        var settings = List.of(
                "listen = " + String.join(", ", ADDRESSES),
                "port = " + port,
                "pool = 203.0.114.1",
                "state-dir = " + directory);
        try (var _ = PcpServer.start(ServerSettings.of(new Settings("test", settings)), machine.machine());
                var client = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            client.setSoTimeout(30_000);
            for (var address : ADDRESSES) {
                var asked = new InetSocketAddress(InetAddress.ofLiteral(address), port);
                client.send(new DatagramPacket(ANNOUNCE, ANNOUNCE.length, asked));
                var answer = new DatagramPacket(new byte[2048], 2048);
                client.receive(answer);
                assertThat(answer.getSocketAddress()).isEqualTo(asked);
                assertThat(answer.getData()[3]).as("result").isZero();
            }
        }
    }
}
