package io.portreeve.igd.iwf;

import io.portreeve.client.MappingLease;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import java.time.Duration;

/** How long a control point wants its port mapping, apart from what the PCP server grants. Source: RFC 6970 section 5.9. */
public sealed interface Lease {

    /** Until it is deleted; what lease 0 means on the v1 face. */
    record Infinite() implements Lease {}

    /** @param asked 1..604800 s */
    record Timed(Duration asked, MonoTime end) implements Lease {}

    /** A week, the longest a timed lease can be. WANIPConnection:2 section 2.3.16. */
    Duration LONGEST = Duration.ofDays(7);

    /** {@return the lease that starts {@code now}} A longer one than a week is cut on the v1 face, 0 is a week on the v2 face. */
    static Lease of(long seconds, IgdFace face, MonoTime now) {
        if (seconds == 0 && face == IgdFace.V1) {
            return new Infinite();
        }
        var asked = seconds == 0 || seconds > LONGEST.toSeconds() ? LONGEST : Duration.ofSeconds(seconds);
        return new Timed(asked, now.plus(asked));
    }

    /** {@return what PCP is asked for: what is left, a second at least} */
    default MappingLease atProvider(MonoTime now) {
        return switch (this) {
            case Infinite() -> new MappingLease.UntilReleased(Lifetime.INFINITE);
            case Timed(var asked, var end) ->
                new MappingLease.Timed(
                        Duration.ofMillis(Math.clamp(now.until(end).toMillis(), 1000, asked.toMillis())));
        };
    }

    /** {@return when the port mapping ends by itself} */
    default MonoTime due() {
        return switch (this) {
            case Infinite() -> MonoTime.NEVER;
            case Timed(var _, var end) -> end;
        };
    }

    /** {@return the seconds a control point reads; 0 for an infinite lease} */
    default long secondsLeft(MonoTime now) {
        return switch (this) {
            case Infinite() -> 0;
            case Timed(var _, var end) ->
                Math.max(1, now.until(end).plusMillis(999).toSeconds());
        };
    }
}
