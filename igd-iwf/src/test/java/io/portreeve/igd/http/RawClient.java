package io.portreeve.igd.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** Sends octets as they are, which no HTTP client would. */
final class RawClient implements AutoCloseable {
    private static final int TEN_SECONDS = 10_000;

    private final Socket socket;

    RawClient(String to, String from, int port) throws IOException {
        socket = new Socket(InetAddress.ofLiteral(to), port, InetAddress.ofLiteral(from), 0);
        socket.setSoTimeout(TEN_SECONDS);
    }

    /** @param from the loopback address to come from */
    RawClient(String from, int port) throws IOException {
        this("127.0.0.1", from, port);
    }

    RawClient(int port) throws IOException {
        this("127.0.0.1", port);
    }

    RawClient send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** {@return the answer to {@code request}, or nothing if the gateway hangs up on us} */
    String exchange(String request) throws IOException {
        try {
            send(request);
        } catch (SocketException e) {
            return "";
        }
        return rest();
    }

    /** {@return everything until the gateway closes the connection} */
    String rest() throws IOException {
        var octets = new StringBuilder();
        try {
            for (int octet = socket.getInputStream().read();
                    octet >= 0;
                    octet = socket.getInputStream().read()) {
                octets.append((char) octet);
            }
            return octets.toString();
        } catch (SocketException e) {
            return octets.toString(); // reset, because it had not read all of ours
        }
    }

    /** {@return what comes up to and with {@code end}} */
    String until(String end) throws IOException {
        var octets = new StringBuilder();
        while (octets.indexOf(end) < 0) {
            int octet = socket.getInputStream().read();
            if (octet < 0) {
                throw new EOFException("after: " + octets);
            }
            octets.append((char) octet);
        }
        return octets.toString();
    }

    /** Goes away so that the other side notices with its next octet. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
