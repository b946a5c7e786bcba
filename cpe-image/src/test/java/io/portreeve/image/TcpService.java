package io.portreeve.image;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A service on a host: answers every line with who sent it, and keeps what it was sent. */
final class TcpService implements AutoCloseable {
    private final ServerSocket listening;
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();

    TcpService(Host host, int port) throws Exception {
        listening = host.listen(port);
        Thread.ofVirtual().start(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                var connection = listening.accept();
                connections.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            }
        } catch (IOException _) {
            // the test has ended
        }
    }

    private void serve(Socket connection) {
        try (connection;
                var lines = new BufferedReader(new InputStreamReader(connection.getInputStream()))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                received.add(line);
                say(connection, line + " from " + connection.getRemoteSocketAddress());
            }
        } catch (IOException _) {
            // the connection was cut, or the test has ended
        }
    }

    /** {@return all lines it was sent} */
    List<String> received() {
        return List.copyOf(received);
    }

    /** Sends a line on {@code connection}. {@return the answer} */
    static String ask(Socket connection, String line) throws IOException {
        say(connection, line);
        var answer = new StringBuilder();
        for (int octet = connection.getInputStream().read(); octet != '\n'; ) {
            if (octet < 0) {
                throw new IOException("the connection has ended");
            }
            answer.append((char) octet);
            octet = connection.getInputStream().read();
        }
        return answer.toString();
    }

    static void say(Socket connection, String line) throws IOException {
        connection.getOutputStream().write((line + "\n").getBytes());
        connection.getOutputStream().flush();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (var connection : connections) {
            connection.close();
        }
    }
}
