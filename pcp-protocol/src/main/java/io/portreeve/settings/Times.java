package io.portreeve.settings;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** A time as people write it: a whole number and its unit, {@code 250 ms}, {@code 30s}, {@code 5 min}, {@code 2 h}, {@code 1 d}. */
public final class Times {
    private static final Pattern TIME = Pattern.compile("(\\d{1,10}) ?(ms|s|min|h|d)");

    private Times() {}

    /** {@return the time that {@code text} says, or empty if it says none} */
    public static Optional<Duration> parse(String text) {
        var match = TIME.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        long amount = Long.parseLong(match.group(1));
        return Optional.of(
                switch (match.group(2)) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    case "min" -> Duration.ofMinutes(amount);
                    case "h" -> Duration.ofHours(amount);
                    default -> Duration.ofDays(amount);
                });
    }
}
