package io.portreeve.pcp;

import java.time.Duration;

/**
 * How long the server keeps a mapping, or how long an error lasts.
 *
 * @param seconds unsigned 32 bits as on the wire; 0 in a request asks for deletion (RFC 6887 section 15)
 */
public record Lifetime(long seconds) {
    public static final Lifetime DELETE = new Lifetime(0);

    /** RFC 6970 section 5.9 writes 4294967296, which does not fit; this is the largest that does. */
    public static final Lifetime INFINITE = new Lifetime(0xFFFF_FFFFL);

    /** A client treats anything longer as a day, so that it notices within a day when a mapping has gone. */
    private static final long LONGEST_BELIEVED = Duration.ofDays(1).toSeconds();

    public Lifetime {
        if (seconds < 0 || seconds > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("lifetime: " + seconds + " s (expected: 0..4294967295)");
        }
    }

    /** {@return {@code duration} in whole seconds, cut to what the wire can say} */
    public static Lifetime of(Duration duration) {
        return new Lifetime(Math.clamp(duration.toSeconds(), 0, INFINITE.seconds));
    }

    public boolean isDelete() {
        return seconds == 0;
    }

    /** {@return this lifetime, cut to a day} RFC 6887 section 15. */
    public Duration sane() {
        return Duration.ofSeconds(Math.min(seconds, LONGEST_BELIEVED));
    }

    @Override
    public String toString() {
        return seconds + " s";
    }
}
