package io.portreeve.server.channel;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** One TCP connection that carries lines of ASCII. One thread reads; any may write. */
final class Line implements AutoCloseable {
    /** A pool of 256 addresses fits in. */
    private static final int LONGEST = 1 << 16;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    Line(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
        out = new BufferedOutputStream(socket.getOutputStream());
    }

    static Line to(int port, Duration patience) throws IOException {
        var socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(here(), port), (int) patience.toMillis());
            return new Line(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** {@return the loopback interface's IPv4 address} Nobody else is to reach a control channel. */
    static InetAddress here() throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    /** A line that takes longer fails. @param patience zero to wait for ever */
    void patience(Duration patience) throws SocketException {
        socket.setSoTimeout((int) patience.toMillis());
    }

    /** {@return the next line; empty at the end} */
    Optional<String> read() throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return Optional.empty();
            }
            if (line.length() == LONGEST) {
                throw new IOException("a line of more than " + LONGEST + " signs");
            }
            line.append((char) c);
        }
        return Optional.of(line.toString());
    }

    synchronized void write(String line) throws IOException {
        out.write((line + '\n').getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // it is closed all the same
        }
    }
}
