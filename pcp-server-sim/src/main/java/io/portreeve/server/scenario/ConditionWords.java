package io.portreeve.server.scenario;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.scenario.Step.When;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Conditions as people write them: {@code MAP tcp 8080 count>=3}, {@code no mapping udp 10.0.0.2:53}, {@code exit 0}. */
final class ConditionWords {
    private static final String ALL =
            "MAP, PEER, ANNOUNCE, GET, ADDRESS, UNREADABLE, mapping or exit; 'no' may stand before all but exit";
    private static final Pattern PORT = Pattern.compile("\\d{1,5}");
    private static final Pattern COUNT = Pattern.compile("count([<>]=)(\\d{1,9})");

    private final Deque<String> words;
    private final String text;
    private final When when;

    private ConditionWords(List<String> words, When when) {
        this.words = new ArrayDeque<>(words);
        text = String.join(" ", words);
        this.when = when;
    }

    /** @param started the line that started a program last */
    static Condition read(List<String> words, When when, OptionalInt started) throws WrongConditionException {
        return new ConditionWords(words, when).read(started);
    }

    private Condition read(OptionalInt started) throws WrongConditionException {
        var condition = condition(started);
        if (!words.isEmpty()) {
            throw new WrongConditionException(words.peek(), "nothing more, or another order of words");
        }
        return condition;
    }

    private Condition condition(OptionalInt started) throws WrongConditionException {
        boolean isNot = next("no");
        if (next("mapping")) {
            return mapping(!isNot);
        }
        if (!isNot && next("exit")) {
            return exit(started);
        }
        var kind = kind();
        return isNot ? none(pattern(kind)) : count(pattern(kind));
    }

    private boolean next(String word) {
        boolean isNext = word.equals(words.peek());
        if (isNext) {
            words.poll();
        }
        return isNext;
    }

    private SeenRequest.Kind kind() throws WrongConditionException {
        for (var kind : SeenRequest.Kind.values()) {
            if (next(kind.name())) {
                return kind;
            }
        }
        throw new WrongConditionException(text, ALL);
    }

    private RequestPattern pattern(SeenRequest.Kind kind) throws WrongConditionException {
        var protocol = protocol();
        var port = protocol.isPresent()
                        && !words.isEmpty()
                        && PORT.matcher(words.peek()).matches()
                ? OptionalInt.of(Integer.parseInt(words.poll()))
                : OptionalInt.empty();
        var client = next("from")
                ? Optional.of(argument("an IP address after 'from'", PcpAddress::parse))
                : Optional.<PcpAddress>empty();
        return new RequestPattern(kind, protocol, port, client, next("delete"));
    }

    private Optional<IpProtocol> protocol() {
        if (next("tcp")) {
            return Optional.of(IpProtocol.TCP);
        }
        return next("udp") ? Optional.of(IpProtocol.UDP) : Optional.empty();
    }

    private Condition none(RequestPattern pattern) throws WrongConditionException {
        if (when == When.WITHIN) {
            throw new WrongConditionException(text, "for TIME expect no ..., since nothing has come at first");
        }
        return new Condition.Count(pattern, 0, 0);
    }

    private Condition count(RequestPattern pattern) throws WrongConditionException {
        var match = COUNT.matcher(words.isEmpty() ? "count>=1" : words.poll());
        if (!match.matches()) {
            throw new WrongConditionException(text, "[tcp|udp [PORT]] [from ADDRESS] [delete] [count>=N|count<=N]");
        }
        int number = Integer.parseInt(match.group(2));
        if (match.group(1).equals(">=") == (when == When.FOR)) {
            throw new WrongConditionException(text, "count>= with 'within', count<= or no with 'for'");
        }
        return when == When.WITHIN
                ? new Condition.Count(pattern, number, Integer.MAX_VALUE)
                : new Condition.Count(pattern, 0, number);
    }

    private Condition mapping(boolean isThere) throws WrongConditionException {
        var protocol = protocol()
                .orElseThrow(() -> new WrongConditionException(text, "mapping tcp|udp ADDRESS:PORT [at ADDRESS:PORT]"));
        var internal = endpoint();
        var external = next("at") ? Optional.of(endpoint()) : Optional.<Endpoint>empty();
        return new Condition.Mapped(protocol, internal, external, isThere);
    }

    private Endpoint endpoint() throws WrongConditionException {
        return argument("an address and a port, as 203.0.114.1:8080 or [2001:db8::1]:80", Endpoint::parse);
    }

    private Condition exit(OptionalInt started) throws WrongConditionException {
        int line = started.orElseThrow(() -> new WrongConditionException(text, "a line above that runs something"));
        if (when == When.FOR) {
            throw new WrongConditionException(text, "within TIME expect exit ...");
        }
        return new Condition.Exit(line, argument("an exit code such as 0", Integer::valueOf));
    }

    private <T> T argument(String expected, Function<String, T> reader) throws WrongConditionException {
        var word = words.isEmpty() ? "" : words.poll();
        try {
            return reader.apply(word);
        } catch (IllegalArgumentException e) {
            throw new WrongConditionException(word, expected);
        }
    }
}
