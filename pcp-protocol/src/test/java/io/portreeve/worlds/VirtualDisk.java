package io.portreeve.worlds;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A disk under a journal. A transaction that was written can be read back at once, but only a sync makes it last: when the
 * process dies, of the transactions since the last sync the first few survive, all or none of them included.
 */
public final class VirtualDisk<K, V> {
    private Map<K, V> written = new LinkedHashMap<>();
    private final Map<K, V> durable = new LinkedHashMap<>();
    private final List<Map<K, V>> unsynced = new ArrayList<>();
    private int syncs;

    /** {@return what a program reads} */
    public Map<K, V> written() {
        return Collections.unmodifiableMap(written);
    }

    /** {@return what is certain to be there after a crash} */
    public Map<K, V> durable() {
        return Collections.unmodifiableMap(durable);
    }

    /** {@return another number whenever {@link #durable} may have changed} */
    public int syncs() {
        return syncs;
    }

    /** Writes a whole transaction: all that is on the disk after it. */
    public void write(Map<K, V> contents) {
        written = new LinkedHashMap<>(contents);
        unsynced.add(written);
    }

    public void sync() {
        if (!unsynced.isEmpty()) {
            keep(unsynced.getLast());
        }
    }

    private void keep(Map<K, V> contents) {
        durable.clear();
        durable.putAll(contents);
        unsynced.clear();
        syncs++;
    }

    /** The process that wrote is gone. */
    public void crash(Chance chance) {
        int survivors = chance.nextInt(unsynced.size() + 1);
        if (survivors > 0) {
            keep(unsynced.get(survivors - 1));
        }
        unsynced.clear();
        written = new LinkedHashMap<>(durable);
    }

    /** Someone removes all files. */
    public void wipe() {
        write(Map.of());
        sync();
    }
}
