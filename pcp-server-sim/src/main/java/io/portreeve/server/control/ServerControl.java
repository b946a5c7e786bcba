package io.portreeve.server.control;

import io.portreeve.control.ControlClient;
import io.portreeve.control.ControlException;
import io.portreeve.control.ControlSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a running server may be asked and told: one line of words in, text out. */
public final class ServerControl {
    private static final Logger LOG = LoggerFactory.getLogger(ServerControl.class);
    private static final String REFUSAL = "error: ";

    /** In octets. The socket hands on no more than one octet above this, whatever is said. */
    private static final int LONGEST_LINE = 1023;

    private ServerControl() {}

    /**
     * @param orders by the first word of a line
     * @throws ControlException if another program has this socket, or it cannot be made
     */
    public static ControlSocket open(Path file, Map<String, Order> orders) throws ControlException {
        var known = new TreeMap<>(orders);
        return ControlSocket.open(file, line -> answer(line, known));
    }

    private static String answer(String line, Map<String, Order> orders) {
        try {
            checkLength(line);
            var words = List.of(line.strip().split(" +"));
            var order = Optional.ofNullable(orders.get(words.getFirst()))
                    .orElseThrow(() -> new OrderRefused(
                            "it does not know '" + words.getFirst() + "'; ask: " + String.join(", ", orders.keySet())));
            return order.done(words.subList(1, words.size()));
        } catch (OrderRefused e) {
            return REFUSAL + e.getMessage() + "\n";
        } catch (RuntimeException e) {
            LOG.error("an order failed by a mistake in this program: {}", line, e);
            return REFUSAL + "that failed by a mistake in the server; its log says more\n";
        }
    }

    private static void checkLength(String line) throws OrderRefused {
        if (line.getBytes(StandardCharsets.UTF_8).length > LONGEST_LINE) {
            throw new OrderRefused("that is longer than " + LONGEST_LINE
                    + " octets, and was not done; say less at once, or name a file by a shorter path");
        }
    }

    /**
     * {@return what the server at {@code socket} answers to {@code words}}
     *
     * @throws ControlException if there is no server, or it refuses: then with its reason; or if that is too long for it
     */
    public static String ask(Path socket, List<String> words) throws ControlException {
        var line = String.join(" ", words);
        try {
            checkLength(line);
        } catch (OrderRefused e) {
            throw new ControlException(e.getMessage());
        }
        var answer = ControlClient.ask(socket, line);
        if (answer.startsWith(REFUSAL)) {
            throw new ControlException(answer.substring(REFUSAL.length()).strip());
        }
        return answer;
    }

    /** {@return the CGN's table as text} */
    public static String mappings(Path socket) throws ControlException {
        return ask(socket, List.of("mappings"));
    }
}
