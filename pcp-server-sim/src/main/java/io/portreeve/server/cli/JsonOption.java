package io.portreeve.server.cli;

import io.portreeve.json.Json;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** For whom an answer is. */
final class JsonOption {

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "For programs: JSON, on one line.")
    private boolean json;

    /** {@return {@code value} as it was asked for, with a line feed at its end} */
    String text(Object value, Supplier<String> forPeople) {
        return json ? Json.of(value) + "\n" : forPeople.get();
    }

    /** {@return what was asked for, of two} */
    <T> T choose(T forPrograms, T forPeople) {
        return json ? forPrograms : forPeople;
    }

    /** {@return the words that ask {@code question}} */
    String[] words(String... question) {
        return choose(Stream.concat(Stream.of(question), Stream.of("json")).toArray(String[]::new), question);
    }
}
