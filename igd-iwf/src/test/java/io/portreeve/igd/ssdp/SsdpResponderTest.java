package io.portreeve.igd.ssdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.requirements.Proves;
import io.portreeve.runtime.BootClock;
import io.portreeve.testing.Failures;
import io.portreeve.testing.Seeds;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On the loopback interface, at whatever ports are free. */
class SsdpResponderTest {
    private static final Presence LOOPBACK = new Presence(Gateway.lan("lo", "127.0.0.1", 8), 49_200);
    private static final int TEN_SECONDS = 10_000;
    private static final String SEARCH = "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nST: %s\r\n"
            + "MAN: \"ssdp:discover\"\r\nMX: 1\r\n\r\n";

    private SsdpResponder responder;
    private DatagramSocket host;

    @BeforeEach
    void open() throws Exception {
        responder = responder(0);
        host = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
        host.setSoTimeout(TEN_SECONDS);
        host.setOption(StandardSocketOptions.IP_MULTICAST_IF, NetworkInterface.getByName("lo"));
    }

    @AfterEach
    void close() {
        responder.close();
        host.close();
    }

    private static SsdpResponder responder(int port) throws Exception {
        var responder = new SsdpResponder(
                AdvertisedFaces.of(Gateway.face(1)),
                new SsdpWriter("Test/1 UPnP/1.1 Portreeve/0.1"),
                SsdpSettings.DEFAULT,
                new BootClock(),
                Seeds.of(1),
                Failures::unexpected,
                port);
        try {
            responder.present(List.of(LOOPBACK), 1);
        } catch (IOException e) {
            responder.close();
            throw e;
        }
        responder.start();
        return responder;
    }

    private SsdpSockets sockets() {
        return responder.sockets(LOOPBACK.lan());
    }

    @Test
    @Proves("igd:I-SSDP-17")
    void answersFromWhereLocationPointsTo() throws Exception {
        send(SEARCH.formatted(Gateway.WAN), sockets().groupAddress());
        var answer = receive();
        assertThat(answer.getSocketAddress()).isEqualTo(sockets().ownAddress());
        assertThat(text(answer).lines()).first().isEqualTo("HTTP/1.1 200 OK");
        assertThat(text(answer).lines().map(line -> line.split(":")[0]))
                .contains(
                        "CACHE-CONTROL",
                        "DATE",
                        "EXT",
                        "LOCATION",
                        "SERVER",
                        "ST",
                        "USN",
                        "BOOTID.UPNP.ORG",
                        "CONFIGID.UPNP.ORG");
        assertThat(text(answer)).contains("ST: " + Gateway.WAN + "\r\n", "LOCATION: http://127.0.0.1:");
    }

    @Test
    void hearsUnicastSearchesToo() throws Exception {
        send(SEARCH.formatted(Gateway.WAN).replace("MX: 1\r\n", ""), sockets().ownAddress());
        assertThat(text(receive())).contains("USN: " + Gateway.WAN + "\r\n");
    }

    @Test
    @Proves("rel:T-23")
    void outlivesEveryDatagram() throws Exception {
        var random = Seeds.of(23);
        for (int i = 0; i < 2_000; i++) {
            var octets = new byte[random.nextInt(4_000)];
            random.nextBytes(octets);
            host.send(new DatagramPacket(
                    octets,
                    octets.length,
                    i % 2 == 0 ? sockets().groupAddress() : sockets().ownAddress()));
        }
        assertThat(answersUntilOneIsSeen()).contains("USN: " + Gateway.WAN + "\r\n");
    }

    @Test
    void doesNotReadTheHeadOfALongDatagram() throws Exception {
        var search = SEARCH.formatted("upnp:rootdevice");
        send(search + "x".repeat(2_049 - search.length()), sockets().ownAddress());
        send(SEARCH.formatted(Gateway.WAN), sockets().ownAddress());
        assertThat(text(receive())).contains("USN: " + Gateway.WAN + "\r\n");
    }

    /** A full socket buffer may lose a search, as any network may. */
    private String answersUntilOneIsSeen() throws Exception {
        host.setSoTimeout(500);
        for (int attempt = 0; attempt < 20; attempt++) {
            send(SEARCH.formatted(Gateway.WAN), sockets().ownAddress());
            try {
                return text(receive());
            } catch (java.net.SocketTimeoutException e) {
                // once more
            }
        }
        throw new AssertionError("no answer");
    }

    @Test
    void doesNotTakeAPortThatAnotherProgramHolds() throws Exception {
        int taken = host.getLocalPort();
        assertThatThrownBy(() -> responder(taken)).isInstanceOf(BindException.class);
    }

    private void send(String text, InetSocketAddress target) throws Exception {
        var octets = text.getBytes(StandardCharsets.US_ASCII);
        host.send(new DatagramPacket(octets, octets.length, target));
    }

    private DatagramPacket receive() throws Exception {
        var packet = new DatagramPacket(new byte[2_048], 2_048);
        host.receive(packet);
        return packet;
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
    }
}
