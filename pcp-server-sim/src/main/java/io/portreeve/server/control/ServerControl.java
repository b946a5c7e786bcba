package io.portreeve.server.control;

import io.portreeve.control.ControlClient;
import io.portreeve.control.ControlException;
import io.portreeve.control.ControlSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a running server may be asked and told: one line of words in, text out. */
public final class ServerControl {
    private static final String REFUSAL = "error: ";

    private ServerControl() {}

    /**
     * @param orders by the first word of a line
     * @throws ControlException if another program has this socket, or it cannot be made
     */
    public static ControlSocket open(Path file, Map<String, Order> orders) throws ControlException {
        var known = new TreeMap<>(orders);
        return ControlSocket.open(file, line -> answer(List.of(line.strip().split(" +")), known));
    }

    private static String answer(List<String> words, Map<String, Order> orders) {
        try {
            var order = Optional.ofNullable(orders.get(words.getFirst()))
                    .orElseThrow(() -> new OrderRefused(
                            "it does not know '" + words.getFirst() + "'; ask: " + String.join(", ", orders.keySet())));
            return order.done(words.subList(1, words.size()));
        } catch (OrderRefused e) {
            return REFUSAL + e.getMessage() + "\n";
        }
    }

    /**
     * {@return what the server at {@code socket} answers to {@code words}}
     *
     * @throws ControlException if there is no server, or it refuses: then with its reason
     */
    public static String ask(Path socket, List<String> words) throws ControlException {
        var answer = ControlClient.ask(socket, String.join(" ", words));
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
