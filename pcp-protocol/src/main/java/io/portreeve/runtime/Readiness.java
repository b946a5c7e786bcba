package io.portreeve.runtime;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Waits until a descriptor has something to read. One thread at a time waits, any other may wake it. */
public final class Readiness implements AutoCloseable {
    /** Somebody called {@link #wake}. */
    public static final int WOKEN = 0;

    private static final int POLLED = 8;
    private static final short POLLIN = 1;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment polled = arena.allocate(2 * POLLED, 4);
    private final int descriptor;
    private final int waker;

    /** @param waker of {@link Libc#eventfd}; it is closed with this, and the descriptor is not */
    public Readiness(int descriptor, int waker) {
        this.descriptor = descriptor;
        this.waker = waker;
    }

    /** {@return more than 0 when there is something, {@link #WOKEN}, or minus errno} */
    public int await() {
        poll(0, descriptor);
        poll(POLLED, waker);
        int ready;
        do {
            ready = Libc.poll(polled, 2);
        } while (ready == -Libc.EINTR);
        boolean isWoken = polled.get(JAVA_SHORT, POLLED + 6) != 0;
        return ready > 0 && isWoken ? WOKEN : ready;
    }

    private void poll(int at, int awaited) {
        polled.set(JAVA_INT, at, awaited);
        polled.set(JAVA_SHORT, at + 4, POLLIN);
        polled.set(JAVA_SHORT, at + 6, (short) 0);
    }

    /** Ends every {@link #await}, now and later. */
    public void wake() {
        try (var once = Arena.ofConfined()) {
            Libc.write(waker, once.allocateFrom(JAVA_LONG, 1));
        }
    }

    @Override
    public void close() {
        Libc.close(waker);
        arena.close();
    }
}
