package io.portreeve.demo;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** The search for a gateway on the LAN. UPnP Device Architecture 1.1 section 1.3. */
public final class Discovery {
    private static final String SEARCH = """
            M-SEARCH * HTTP/1.1\r
            HOST: 239.255.255.250:1900\r
            MAN: "ssdp:discover"\r
            MX: 1\r
            ST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r
            \r
            """;
    private static final Pattern LOCATION = Pattern.compile("(?im)^location:\\s*(http://\\S+)");
    private static final int ATTEMPTS = 3;

    private Discovery() {}

    /** {@return where the description of the first gateway to answer stands, or empty if none answers} */
    public static Optional<URI> gatewayDescription() throws IOException {
        var search = search();
        try (var socket = new DatagramSocket()) {
            socket.setSoTimeout(2_000);
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                socket.send(new DatagramPacket(search, search.length, InetAddress.getByName("239.255.255.250"), 1900));
                var location = answer(socket);
                if (location.isPresent()) {
                    return location;
                }
            }
        }
        return Optional.empty();
    }

    /** {@return the datagram that searches for one, for all who listen} */
    public static byte[] search() {
        return SEARCH.getBytes(StandardCharsets.US_ASCII);
    }

    private static Optional<URI> answer(DatagramSocket socket) throws IOException {
        var packet = new DatagramPacket(new byte[2_048], 2_048);
        try {
            socket.receive(packet);
        } catch (SocketTimeoutException _) {
            return Optional.empty();
        }
        return location(packet);
    }

    /** {@return where the description stands that an answer to a search names} */
    public static Optional<URI> location(DatagramPacket answer) {
        var text = new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
        var location = LOCATION.matcher(text);
        return location.find() ? Optional.of(URI.create(location.group(1))) : Optional.empty();
    }
}
