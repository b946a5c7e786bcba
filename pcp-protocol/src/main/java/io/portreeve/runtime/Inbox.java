package io.portreeve.runtime;

import io.portreeve.pcp.MonoTime;
import java.util.List;

/**
 * Where one thread waits for what others bring, or for a time to come. A {@link MonoClock} makes it, because who moves a clock
 * must know who waits for it.
 *
 * @param <E> what is brought
 */
public interface Inbox<E> extends AutoCloseable {

    /** Never waits. Any thread may call it. */
    void add(E entry);

    /**
     * {@return what has come, in order} Waits until there is something, or until {@code due}; then there may be nothing.
     *
     * @param most as much is taken at once
     */
    List<E> take(MonoTime due, int most) throws InterruptedException;

    /** Nobody takes anything from here any more. */
    @Override
    void close();
}
