package io.portreeve.server;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.control.OrderRefused;
import java.util.List;

/** What the words of an order say. */
final class Words {
    private static final String JSON = "json";

    private Words() {}

    /** {@return true if a program asks; no other words are expected} */
    static boolean isJson(List<String> words) throws OrderRefused {
        atMost(1, words);
        if (words.isEmpty() || words.equals(List.of(JSON))) {
            return !words.isEmpty();
        }
        throw new OrderRefused("'" + words.getFirst() + "' is not '" + JSON + "'");
    }

    static boolean endInJson(List<String> words) {
        return !words.isEmpty() && words.getLast().equals(JSON);
    }

    static void atMost(int most, List<String> words) throws OrderRefused {
        if (words.size() > most) {
            throw new OrderRefused("unexpected: " + String.join(" ", words.subList(most, words.size())));
        }
    }

    static IpProtocol protocol(String word) throws OrderRefused {
        return switch (word) {
            case "tcp", "TCP" -> IpProtocol.TCP;
            case "udp", "UDP" -> IpProtocol.UDP;
            default -> throw new OrderRefused("'" + word + "' is not tcp or udp");
        };
    }

    static PcpAddress address(String word) throws OrderRefused {
        try {
            return PcpAddress.parse(word);
        } catch (IllegalArgumentException e) {
            throw new OrderRefused("'" + word + "' is not an IP address");
        }
    }

    static Endpoint endpoint(String word) throws OrderRefused {
        try {
            return Endpoint.parse(word);
        } catch (IllegalArgumentException e) {
            throw new OrderRefused(e.getMessage());
        }
    }
}
