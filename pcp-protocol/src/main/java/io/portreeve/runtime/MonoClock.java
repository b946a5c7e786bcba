package io.portreeve.runtime;

import io.portreeve.pcp.MonoTime;

/** Where {@link MonoTime} comes from: one for production, one for each test's own time. */
@FunctionalInterface
public interface MonoClock {
    MonoTime now();

    /**
     * {@return a place where a thread may wait for a time of this clock}
     *
     * @param <E> what others bring there meanwhile
     */
    default <E> Inbox<E> inbox() {
        return new QueueInbox<>(this);
    }
}
