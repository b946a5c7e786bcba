package io.portreeve.json;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Writes JSON, in ASCII and on one line: whatever it holds, it can neither end the line nor disturb a terminal. RFC 8259. */
public final class Json {
    private final StringBuilder text = new StringBuilder();

    private Json() {}

    /** {@return {@code value} in JSON} A map, a collection, an optional, a number or a truth value is what it is, all else its text. */
    public static String of(Object value) {
        var json = new Json();
        json.add(value);
        return json.text.toString();
    }

    private void add(Object value) {
        switch (value) {
            case Map<?, ?> members -> add(members);
            case Collection<?> elements -> add(elements);
            case Optional<?> optional when optional.isEmpty() -> text.append("null");
            case Optional<?> optional -> add(optional.get());
            case Number number -> text.append(number);
            case Boolean truth -> text.append(truth);
            default -> add(value.toString());
        }
    }

    private void add(Map<?, ?> members) {
        var separator = "{";
        for (var member : members.entrySet()) {
            text.append(separator);
            add(member.getKey().toString());
            text.append(':');
            add(member.getValue());
            separator = ",";
        }
        text.append(members.isEmpty() ? "{}" : "}");
    }

    private void add(Collection<?> elements) {
        var separator = "[";
        for (var element : elements) {
            text.append(separator);
            add(element);
            separator = ",";
        }
        text.append(elements.isEmpty() ? "[]" : "]");
    }

    private void add(String string) {
        text.append('"');
        string.chars().forEach(this::add);
        text.append('"');
    }

    private void add(int unit) {
        if (unit == '"' || unit == '\\') {
            text.append('\\').append((char) unit);
        } else if (unit < ' ' || unit > '~') {
            text.append("\\u%04x".formatted(unit));
        } else {
            text.append((char) unit);
        }
    }
}
