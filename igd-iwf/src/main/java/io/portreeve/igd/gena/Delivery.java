package io.portreeve.igd.gena;

import io.portreeve.igd.gena.GenaEvent.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events, each on a connection and a virtual thread of its own, so that no subscriber waits for another.
 *
 * <p>The engine has one event under way for each subscription, which bounds the connections. What a subscriber answers is read as far as its
 * status says; a redirect is followed by nobody.
 */
final class Delivery {
    static final Duration LIMIT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final int MAX_ANSWER = 1024;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[0-9] (?<status>[0-9]{3})(?: .*)?");
    private static final String HEAD_END = "\r\n\r\n";

    private final Duration limit;

    /** @param limit from the first packet to the last octet of the answer */
    Delivery(Duration limit) {
        this.limit = limit;
    }

    /**
     * Sends {@code notification}; returns at once.
     *
     * @param done called once, within the limit, by a thread that it must not hold up
     */
    void send(Notification notification, Consumer<Outcome> done) {
        var socket = new Socket();
        var outcome = new CompletableFuture<Outcome>();
        outcome.completeOnTimeout(Outcome.FAILED, limit.toNanos(), TimeUnit.NANOSECONDS)
                .thenAccept(what -> {
                    close(socket); // which ends the thread's waiting, if it waits
                    done.accept(what);
                });
        try {
            bind(
                    socket,
                    notification
                            .from()); // here, for a virtual thread may be carried by one of another network namespace
            Thread.ofVirtual().name("gena-notify").start(() -> outcome.complete(exchange(notification, socket)));
        } catch (IOException e) {
            outcome.complete(failed(notification, e));
        }
    }

    private static void bind(Socket socket, ScopedAddress from) throws IOException {
        socket.bind(new InetSocketAddress(from.address().toInetAddress(from.interfaceIndex()), 0));
    }

    private static Outcome exchange(Notification notification, Socket socket) {
        var callback = notification.callback();
        int link = notification.from().interfaceIndex(); // the subscriber's too, if its address is link-local
        try {
            socket.connect(new InetSocketAddress(callback.address().toInetAddress(link), callback.port()));
            socket.getOutputStream().write(notification.write());
            return outcome(head(socket.getInputStream()));
        } catch (IOException e) {
            return failed(notification, e);
        }
    }

    private static Outcome failed(Notification notification, IOException e) {
        LOG.debug(
                "GENA: event {} does not reach {}: {}",
                notification.key(),
                notification.callback().host(),
                e.toString());
        return Outcome.FAILED;
    }

    /** {@return what comes up to the end of the head, of the connection, or of our patience} */
    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.length() < MAX_ANSWER && head.indexOf(HEAD_END) < 0) {
            int octet = in.read();
            if (octet < 0) {
                break;
            }
            head.append((char) octet);
        }
        return head.toString();
    }

    private static Outcome outcome(String head) {
        var line = STATUS.matcher(head.lines().findFirst().orElse(""));
        if (!line.matches()) {
            return Outcome.FAILED;
        }
        return switch (line.group("status")) {
            case String status when status.startsWith("2") -> Outcome.ACCEPTED;
            case "412" -> Outcome.UNKNOWN_THERE;
            default -> Outcome.FAILED;
        };
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("GENA: cannot close: {}", e.toString());
        }
    }
}
