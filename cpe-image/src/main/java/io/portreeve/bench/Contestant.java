package io.portreeve.bench;

import java.time.Duration;
import java.util.Locale;

/** One of those that are compared, with its table. Prints one line for each measurement. */
final class Contestant {
    private final String name;
    private final Filling filling;
    private final Load load;
    private int tableSize;

    Contestant(String name, PortMappings mappings) {
        this.name = name;
        filling = new Filling(mappings);
        load = new Load(mappings);
    }

    /** Runs until its code is compiled; nothing is measured. */
    void warmUp(int callers, Duration time) throws InterruptedException {
        say(load.run(new Subject(name + ", warming up", tableSize, callers), time));
    }

    /** Has {@code size} mappings in its table from now on, or as many as it takes in {@code budget}. */
    void fill(int size, Duration budget) {
        tableSize = filling.fill(size, budget);
        if (tableSize < size) {
            Progress.say(String.format(
                    Locale.ROOT,
                    "%s took only %,d of %,d mappings in the %d s it was given",
                    name,
                    tableSize,
                    size,
                    budget.toSeconds()));
        }
    }

    void measure(int callers, Duration time) throws InterruptedException {
        var found = load.run(new Subject(name, tableSize, callers), time);
        say(found);
        System.out.println(found.line());
    }

    private static void say(Measurement found) {
        var subject = found.subject();
        Progress.say(String.format(
                Locale.ROOT,
                "%s, %,d mappings, %d at once: %,.0f requests/s",
                subject.what(),
                subject.tableSize(),
                subject.callers(),
                found.requests()));
    }
}
