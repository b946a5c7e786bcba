package io.portreeve.igd.http;

import io.portreeve.pcp.PcpAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The side of a subscriber that events come to. */
final class EventReceiver implements AutoCloseable {
    private static final int TEN_SECONDS = 10_000;

    private final ServerSocket listening;

    EventReceiver(String address) throws IOException {
        this(InetAddress.ofLiteral(address));
    }

    EventReceiver(InetAddress address) throws IOException {
        listening = new ServerSocket(0, 50, address);
        listening.setSoTimeout(TEN_SECONDS);
    }

    /** @param headers by name in capitals */
    record Event(String from, String requestLine, Map<String, String> headers, String body) {
        String sid() {
            return headers.get("SID");
        }

        String key() {
            return headers.get("SEQ");
        }
    }

    String url() {
        var host = PcpAddress.of(listening.getInetAddress()).toUrlHost(); // which names no link
        return "http://" + host + ":" + listening.getLocalPort() + "/cb";
    }

    /** {@return the next event}, which is accepted */
    Event next() throws IOException {
        try (var connection = listening.accept()) {
            connection.setSoTimeout(TEN_SECONDS);
            var event = read(connection);
            connection.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return event;
        }
    }

    private static Event read(Socket connection) throws IOException {
        var in = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
        var requestLine = in.readLine();
        var headers = new HashMap<String, String>();
        for (var line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
            int colon = line.indexOf(": ");
            headers.put(line.substring(0, colon), line.substring(colon + 2));
        }
        var body = new char[Integer.parseInt(headers.get("CONTENT-LENGTH"))];
        for (int length = 0; length < body.length; ) {
            length += in.read(body, length, body.length - length);
        }
        return new Event(connection.getInetAddress().getHostAddress(), requestLine, headers, new String(body));
    }

    /** {@return true if nobody has come before a connection of our own} */
    boolean isLonely() throws IOException {
        try (var probe = new Socket(listening.getInetAddress(), listening.getLocalPort());
                var first = listening.accept()) {
            return first.getPort() == probe.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
