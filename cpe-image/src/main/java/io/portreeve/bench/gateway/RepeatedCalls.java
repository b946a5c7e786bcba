package io.portreeve.bench.gateway;

import io.portreeve.bench.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Callers who each make a call once at least, and over and over, as soon as the last is answered. */
final class RepeatedCalls {
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final Call call;

    /** One call. Several threads may call, each as a caller of its own. */
    @FunctionalInterface
    interface Call {
        /** @param caller from 0 */
        void make(int caller) throws IOException;
    }

    private RepeatedCalls(Call call) {
        this.call = call;
    }

    /** {@return how many calls were answered in a second} */
    static double perSecond(Call call, int callers, Duration time) {
        return new RepeatedCalls(call).measure(callers, time);
    }

    private double measure(int callers, Duration time) {
        long begin = System.nanoTime();
        long end = begin + time.toNanos();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) {
                int caller = i;
                threads.execute(() -> callUntil(end, caller));
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (failed.get() > 0) {
            Progress.say(failed + " calls failed");
        }
        return made.get() / seconds;
    }

    private void callUntil(long end, int caller) {
        do {
            call(caller);
        } while (System.nanoTime() < end);
    }

    private void call(int caller) {
        try {
            call.make(caller);
            made.incrementAndGet();
        } catch (IOException e) {
            if (failed.getAndIncrement() == 0) {
                Progress.say(e.getMessage());
            }
        }
    }
}
