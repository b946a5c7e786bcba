package io.portreeve.runtime;

import io.portreeve.pcp.MonoTime;
import java.util.List;

/**
 * State that one thread owns. Only {@link Owner} calls it, so it needs no lock.
 *
 * @param <E> what can happen to it
 */
public interface Owned<E> {

    /** {@return when it wants to be called though nothing has happened; {@link MonoTime#NEVER} if never} */
    MonoTime nextDue();

    /** Takes all that has happened since the last call, in order; an empty list says that only time has passed. */
    void handle(List<E> events, MonoTime now);
}
