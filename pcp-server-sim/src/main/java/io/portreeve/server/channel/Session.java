package io.portreeve.server.channel;

import io.portreeve.pcp.MonoTime;
import java.time.Duration;
import java.util.Optional;

/**
 * Which server the CGN obeys: the one that said hello last, as long as it is heard. One thread at a time.
 *
 * <p>A server that was stopped and wakes up finds its session over, so it cannot believe that its mappings are still there.
 */
final class Session {
    /** So long may a server be silent: three of its heartbeats. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private long number;
    private Optional<Object> holder = Optional.empty();
    private MonoTime deadline = MonoTime.NEVER;

    /** {@return the number of the session that {@code connection} holds from now on} Whatever was held before has to be flushed. */
    long begin(Object connection, MonoTime now) {
        holder = Optional.of(connection);
        deadline = now.plus(PATIENCE);
        return ++number;
    }

    /** {@return true if {@code connection}, which has just been heard, holds the session} */
    boolean hears(Object connection, MonoTime now) {
        boolean holds = holder.equals(Optional.of(connection));
        if (holds) {
            deadline = now.plus(PATIENCE);
        }
        return holds;
    }

    /** {@return true if the session ends with {@code connection}} */
    boolean ends(Object connection) {
        return holder.equals(Optional.of(connection)) && end();
    }

    /** {@return true if the session ends, because its holder has been silent for too long} */
    boolean expires(MonoTime now) {
        return holder.isPresent() && !now.isBefore(deadline) && end();
    }

    private boolean end() {
        holder = Optional.empty();
        deadline = MonoTime.NEVER;
        return true;
    }

    /** {@return when the session ends if its holder is not heard} */
    MonoTime deadline() {
        return deadline;
    }

    long number() {
        return number;
    }
}
