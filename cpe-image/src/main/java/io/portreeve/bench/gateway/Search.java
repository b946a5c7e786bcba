package io.portreeve.bench.gateway;

import io.portreeve.demo.Discovery;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A search that asks one gateway. UPnP Device Architecture 1.1 section 1.3.2: without MX, so it is answered at once. */
final class Search {
    private static final int PORT = 1_900;
    private static final int AGAIN_MILLIS = 4;
    private static final String TEXT = """
            M-SEARCH * HTTP/1.1\r
            HOST: %s:1900\r
            MAN: "ssdp:discover"\r
            ST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r
            \r
            """;

    private Search() {}

    /**
     * Asks again and again until the gateway answers.
     *
     * @return where its description stands
     * @throws IOException if it does not answer within {@code limit}
     */
    static URI untilAnswered(InetAddress gateway, Duration limit) throws IOException {
        var text = TEXT.formatted(gateway.getHostAddress()).getBytes(StandardCharsets.US_ASCII);
        var answer = new DatagramPacket(new byte[2_048], 2_048);
        long end = System.nanoTime() + limit.toNanos();
        try (var socket = new DatagramSocket()) {
            socket.setSoTimeout(AGAIN_MILLIS);
            while (System.nanoTime() < end) {
                socket.send(new DatagramPacket(text, text.length, gateway, PORT));
                try {
                    socket.receive(answer);
                    return Discovery.location(answer)
                            .orElseThrow(() -> new IOException("the gateway's answer names no description"));
                } catch (SocketTimeoutException _) {
                    // It does not listen yet.
                }
            }
        }
        throw new IOException("no gateway answers at " + gateway.getHostAddress());
    }
}
