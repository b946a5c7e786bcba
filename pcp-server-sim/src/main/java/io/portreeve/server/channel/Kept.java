package io.portreeve.server.channel;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * Things of one kind that the server has had the CGN make. The server's handle of a thing stays the same over all sessions; what the
 * CGN calls it holds for one session. One thread at a time.
 *
 * @param <H> the server's handles
 * @param <T> the things
 */
final class Kept<H, T> {

    /** What is said of a thing that has no name: there is no session then, so nobody hears it. */
    private static final String NAMELESS = "-";

    private final LongFunction<H> handles;
    private final Map<H, T> things = new LinkedHashMap<>();
    private final Map<H, String> names = new HashMap<>();
    private final Map<String, H> byName = new HashMap<>();
    private long last;

    Kept(LongFunction<H> handles) {
        this.handles = handles;
    }

    /** {@return the handle of what the CGN calls {@code name}} It is a new one if the name is. */
    H keep(String name, Function<H, T> thing) {
        var handle = byName.computeIfAbsent(name, _ -> handles.apply(++last));
        names.put(handle, name);
        things.put(handle, thing.apply(handle));
        return handle;
    }

    /** It is another thing now, if it is still there. */
    void change(H handle, Function<T, T> change) {
        things.computeIfPresent(handle, (_, thing) -> change.apply(thing));
    }

    Optional<T> remove(H handle) {
        Optional.ofNullable(names.remove(handle)).ifPresent(byName::remove);
        return Optional.ofNullable(things.remove(handle));
    }

    boolean has(H handle) {
        return things.containsKey(handle);
    }

    /** {@return all, the oldest first} */
    Map<H, T> all() {
        return Collections.unmodifiableMap(things);
    }

    Optional<H> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** {@return what the CGN calls it in this session} */
    String name(H handle) {
        return names.getOrDefault(handle, NAMELESS);
    }

    /** The CGN calls {@code handle} so from now on. */
    void rename(H handle, String name) {
        names.put(handle, name);
        byName.put(name, handle);
    }

    /** The session is over: nothing has a name any more. */
    void forgetNames() {
        names.clear();
        byName.clear();
    }
}
