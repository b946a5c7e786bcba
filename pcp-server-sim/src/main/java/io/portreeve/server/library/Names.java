package io.portreeve.server.library;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Constants as a configuration names them: THIRD_PARTY is third-party. */
final class Names {
    private Names() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String list(Collection<? extends Enum<?>> constants) {
        return constants.stream().map(Names::of).collect(Collectors.joining(", "));
    }

    /** {@return the one of {@code known} that {@code text} names, or empty if none is called so} */
    static <E extends Enum<E>> Optional<E> find(Set<E> known, String text) {
        return known.stream().filter(it -> of(it).equals(text)).findFirst();
    }

    /** {@return those that {@code text} names, with commas between; empty if one of them is unknown} */
    static <E extends Enum<E>> Optional<Set<E>> findAll(Set<E> known, String text) {
        var found = EnumSet.copyOf(known);
        found.clear();
        for (var name : text.split(",", -1)) {
            var constant = find(known, name.strip());
            if (constant.isEmpty()) {
                return Optional.empty();
            }
            found.add(constant.get());
        }
        return Optional.of(found);
    }
}
