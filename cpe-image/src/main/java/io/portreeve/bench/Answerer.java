package io.portreeve.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A gateway that says yes and does nothing: what is left to measure is the load itself. */
final class Answerer implements AutoCloseable {
    private static final byte[] YES = """
            HTTP/1.1 200 OK\r
            Content-Length: 0\r
            Connection: close\r
            \r
            """.getBytes(StandardCharsets.US_ASCII);
    private static final int BACKLOG = 128;

    private final ServerSocket listening;

    Answerer() throws IOException {
        listening = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    URI control() {
        return URI.create(
                "http://" + listening.getInetAddress().getHostAddress() + ":" + listening.getLocalPort() + "/control");
    }

    private void accept() {
        try {
            while (true) {
                var socket = listening.accept();
                Thread.ofVirtual().start(() -> answer(socket));
            }
        } catch (IOException _) {
            // It was closed.
        }
    }

    private static void answer(Socket accepted) {
        try (var socket = accepted) {
            readRequest(new BufferedInputStream(socket.getInputStream()));
            socket.getOutputStream().write(YES);
        } catch (IOException e) {
            Progress.say("the load could not be read: " + e.getMessage());
        }
    }

    private static void readRequest(InputStream in) throws IOException {
        long length = 0;
        for (var line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.startsWith("Content-Length: ")) {
                length = Long.parseLong(line.substring(line.indexOf(' ') + 1));
            }
        }
        in.skipNBytes(length);
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int octet = in.read(); octet != '\n' && octet >= 0; octet = in.read()) {
            line.append((char) octet);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
