package io.portreeve.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Callers who each open a port and close it again, over and over: the table keeps its size but for one mapping a caller.
 *
 * <p>A caller asks again as soon as it is answered, so what is slow is asked less often.
 */
public final class Load {
    private static final int FIRST_PORT = 20_000;

    /** So many that a port comes again long after it was closed, and all of them are of the pool. */
    private static final int PORTS = 12_000;

    private final PortMappings mappings;

    public Load(PortMappings mappings) {
        this.mappings = mappings;
    }

    public Measurement run(Subject subject, Duration time) throws InterruptedException {
        var callers = new ArrayList<Future<Caller>>();
        long begin = System.nanoTime();
        long end = begin + time.toNanos();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < subject.callers(); i++) {
                var caller = new Caller(FIRST_PORT + i, subject.callers());
                callers.add(threads.submit(() -> caller.callUntil(end)));
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        var all = new Caller(0, 1);
        for (var caller : callers) {
            all.add(result(caller));
        }
        return all.measurement(subject, seconds);
    }

    private static Caller result(Future<Caller> caller) throws InterruptedException {
        try {
            return caller.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private final class Caller {
        private final Latencies creates = new Latencies();
        private final Latencies deletes = new Latencies();
        private final int firstPort;
        private final int step;
        private int failed;
        private String failure = "";

        /** @param step from one of its ports to the next, so that no two callers have the same */
        Caller(int firstPort, int step) {
            this.firstPort = firstPort;
            this.step = step;
        }

        Caller callUntil(long end) {
            for (int offset = 0; System.nanoTime() < end; offset = (offset + step) % (PORTS / step * step)) {
                call(firstPort + offset);
            }
            return this;
        }

        private void call(int port) {
            try {
                long begin = System.nanoTime();
                mappings.create(port);
                long created = System.nanoTime();
                creates.add(created - begin);
                mappings.delete(port);
                deletes.add(System.nanoTime() - created);
            } catch (Exception e) {
                failed++;
                failure = e.toString();
            }
        }

        void add(Caller other) {
            creates.addAll(other.creates);
            deletes.addAll(other.deletes);
            failed += other.failed;
            failure = other.failed > 0 ? other.failure : failure;
        }

        Measurement measurement(Subject subject, double seconds) {
            if (failed > 0) {
                Progress.say(failed + " calls failed, as this one: " + failure);
            }
            return new Measurement(
                    subject,
                    (creates.count() + deletes.count()) / seconds,
                    creates.figure(deletes, seconds),
                    deletes.figure(creates, seconds),
                    failed);
        }
    }
}
