package io.portreeve.bench.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What each thread of a process has used so far, as the kernel counts it. */
record Usage(Map<String, Spent> threads) {
    private static final String WAKE_UPS = "voluntary_ctxt_switches:";

    /** @param wakeUps how often a thread had waited, and went on */
    record Spent(long cpuNanos, long wakeUps) {
        static final Spent NOTHING = new Spent(0, 0);

        Spent plus(Spent other) {
            return new Spent(cpuNanos + other.cpuNanos, wakeUps + other.wakeUps);
        }

        Spent minus(Spent other) {
            return new Spent(cpuNanos - other.cpuNanos, wakeUps - other.wakeUps);
        }
    }

    static Usage of(long pid) throws IOException {
        var threads = new HashMap<String, Spent>();
        try (var tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (var task : tasks.toList()) {
                threads.put(task.getFileName().toString(), spent(task));
            }
        }
        return new Usage(threads);
    }

    private static Spent spent(Path task) throws IOException {
        long cpuNanos =
                Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ")[0]);
        for (var line : Files.readAllLines(task.resolve("status"))) {
            if (line.startsWith(WAKE_UPS)) {
                return new Spent(
                        cpuNanos,
                        Long.parseLong(line.substring(WAKE_UPS.length()).strip()));
            }
        }
        throw new IOException(task + ": does not say how often it woke up");
    }

    /** {@return what all threads together have spent since {@code before}} */
    Spent since(Usage before) {
        return threads.entrySet().stream()
                .map(now -> now.getValue().minus(before.threads.getOrDefault(now.getKey(), Spent.NOTHING)))
                .reduce(Spent.NOTHING, Spent::plus);
    }
}
