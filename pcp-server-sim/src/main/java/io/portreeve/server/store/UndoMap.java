package io.portreeve.server.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A map whose changes are taken back if the transaction that they belong to fails. */
final class UndoMap<K, V> {
    private record Change<K, V>(K key, V before) {}

    private final Map<K, V> map = new HashMap<>();
    private final List<Change<K, V>> changes = new ArrayList<>();

    /** For what is so anyway: it is not taken back. */
    void learn(K key, V value) {
        map.put(key, value);
    }

    /** {@return what {@code key} had before; null if nothing} */
    V put(K key, V value) {
        return changed(key, map.put(key, value));
    }

    /** {@return what {@code key} had; null if nothing} */
    V remove(K key) {
        return changed(key, map.remove(key));
    }

    void removeIf(Predicate<K> condition) {
        map.entrySet().removeIf(entry -> {
            boolean goes = condition.test(entry.getKey());
            if (goes) {
                changed(entry.getKey(), entry.getValue());
            }
            return goes;
        });
    }

    private V changed(K key, V before) {
        changes.add(new Change<>(key, before));
        return before;
    }

    void commit() {
        changes.clear();
    }

    void rollback() {
        for (var change : changes.reversed()) {
            if (change.before() == null) {
                map.remove(change.key());
            } else {
                map.put(change.key(), change.before());
            }
        }
        changes.clear();
    }
}
