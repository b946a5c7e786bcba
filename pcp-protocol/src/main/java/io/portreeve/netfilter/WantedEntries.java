package io.portreeve.netfilter;

import io.portreeve.netfilter.MapEntries.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The entries that a table's maps should have. One thread changes them, every thread may look. */
final class WantedEntries {

    private record Slot(String map, Tuple key) {
        static Slot of(Element element) {
            return new Slot(element.map(), element.key());
        }
    }

    private final Map<Slot, Element> entries = new ConcurrentHashMap<>();

    /** Entries that are older than their counters. */
    private final Set<Element> countedLate = new HashSet<>();

    void putAll(Collection<Element> elements) {
        elements.forEach(element -> entries.put(Slot.of(element), element));
    }

    Set<Element> all() {
        return Set.copyOf(entries.values());
    }

    /** The kernel counts from zero now. */
    void countedAnew() {
        countedLate.clear();
        countedLate.addAll(entries.values());
    }

    /** The kernel does not count the connections that these have had. */
    void countLate(Collection<Element> restored) {
        countedLate.addAll(restored);
    }

    /** {@return true if {@code deleted} may have had connections that its counter does not know of} It is not asked again. */
    boolean countsLateFor(Element deleted) {
        return countedLate.remove(deleted);
    }

    int size() {
        return entries.size();
    }

    /** {@return what has changed, step by step} What is there already and what is gone already needs none. */
    List<Step> change(TableChange change) {
        var steps = new ArrayList<Step>();
        for (var removed : change.removed()) {
            if (entries.remove(Slot.of(removed), removed)) {
                steps.add(new Step.Delete(removed));
            }
        }
        for (var added : change.added()) {
            var before = Optional.ofNullable(entries.put(Slot.of(added), added));
            if (before.filter(added::equals).isEmpty()) {
                before.ifPresent(it -> steps.add(new Step.Delete(it)));
                steps.add(new Step.Add(added));
            }
        }
        return steps;
    }

    /** Takes back what {@link #change} did, the last step first. */
    void undo(List<Step> steps) {
        for (var step : steps.reversed()) {
            switch (step) {
                case Step.Add(var element) -> entries.remove(Slot.of(element));
                case Step.Delete(var element) -> entries.put(Slot.of(element), element);
            }
        }
    }
}
