package io.portreeve.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** HTTP as most control points speak it: a connection for each request, which the server closes. */
final class Http {
    private static final int LONGEST_WAIT_MILLIS = 10_000;

    private static final InetSocketAddress ANY = new InetSocketAddress(0);

    private Http() {}

    /** {@return the body} */
    static String get(URI uri) throws IOException {
        return exchange(
                ANY,
                uri,
                "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                        .formatted(uri.getRawPath(), uri.getAuthority()));
    }

    /**
     * {@return the body of the answer to a SOAP call}
     *
     * @param client where the call comes from
     */
    static String post(InetAddress client, URI uri, String soapAction, String body) throws IOException {
        return exchange(new InetSocketAddress(client, 0), uri, """
                POST %s HTTP/1.1\r
                Host: %s\r
                Content-Type: text/xml; charset="utf-8"\r
                SOAPAction: "%s"\r
                Content-Length: %d\r
                Connection: close\r
                \r
                %s""".formatted(
                        uri.getRawPath(), uri.getAuthority(), soapAction, octets(body).length, body));
    }

    private static String exchange(InetSocketAddress client, URI uri, String request) throws IOException {
        try (var socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(LONGEST_WAIT_MILLIS);
            socket.bind(client);
            socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), LONGEST_WAIT_MILLIS);
            socket.getOutputStream().write(octets(request));
            return body(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static String body(String answer) throws IOException {
        int end = answer.indexOf("\r\n\r\n");
        if (end < 0 || !answer.matches("(?s)HTTP/1\\.[01] 200 .*")) {
            throw new IOException(
                    answer.isEmpty() ? "no answer" : answer.strip().replaceAll("\\s+", " "));
        }
        return answer.substring(end + 4);
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
