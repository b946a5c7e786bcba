package io.portreeve.worlds;

import java.util.List;

/**
 * A world that can be lived through again and again.
 *
 * @param <A> what a script can do to it, faults included
 */
public interface World<A> {

    /** {@return what happens in the world {@code seed}, in the order of time} */
    List<Scripted<A>> script(long seed);

    /** Lives through {@code script}. The same seed and script always give the same outcome. */
    Outcome run(long seed, List<Scripted<A>> script);
}
