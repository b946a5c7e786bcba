package io.portreeve.server.channel;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * What the CGN calls a thing in this session, and what the server calls it, which stays the same over all sessions. One thread
 * at a time.
 *
 * @param <H> the server's handles
 */
final class Names<H> {
    private final LongFunction<H> handles;
    private final Map<String, H> byName = new HashMap<>();
    private final Map<H, String> names = new HashMap<>();
    private long last;

    Names(LongFunction<H> handles) {
        this.handles = handles;
    }

    /** {@return the handle of what the CGN calls {@code name}} It is a new one if the name is. */
    H of(String name) {
        var known = byName.get(name);
        if (known != null) {
            return known;
        }
        var handle = handles.apply(++last);
        set(handle, name);
        return handle;
    }

    Optional<H> known(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** {@return what the CGN calls {@code handle}; empty if it calls nothing so} */
    Optional<String> name(H handle) {
        return Optional.ofNullable(names.get(handle));
    }

    /** The CGN calls {@code handle} so from now on. */
    void set(H handle, String name) {
        names.put(handle, name);
        byName.put(name, handle);
    }

    void forget(H handle) {
        Optional.ofNullable(names.remove(handle)).ifPresent(byName::remove);
    }

    /** The session is over: nothing has a name any more. */
    void forgetAll() {
        names.clear();
        byName.clear();
    }
}
