package io.portreeve.server.softwire;

import io.portreeve.runtime.Libc;
import io.portreeve.runtime.Readiness;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Receives packets, one at a time, until it is woken. */
final class PacketInput implements AutoCloseable {
    private static final int LONGEST = 1 << 16;

    /** A system call that puts a packet into memory. */
    interface Call {
        /** {@return its length, or minus errno} */
        int into(MemorySegment memory);
    }

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(LONGEST, 8);
    private final ByteBuffer octets = memory.asByteBuffer();
    private final Readiness readiness;
    private volatile boolean woken;

    private PacketInput(Readiness readiness) {
        this.readiness = readiness;
    }

    /** @param descriptor closed if this fails */
    static PacketInput of(int descriptor) throws TunnelException {
        int waker = Libc.eventfd();
        if (waker < 0) {
            Libc.close(descriptor);
            throw new TunnelException("too many open files (errno " + -waker + ")");
        }
        return new PacketInput(new Readiness(descriptor, waker));
    }

    /** {@return the next packet, valid until the next call; empty when {@link #wake} was called} Waits for it. */
    Optional<ByteBuffer> next(Call call) throws TunnelException {
        while (!woken) {
            int length = call.into(memory);
            if (length >= 0) {
                return Optional.of(octets.clear().limit(length));
            }
            if (length == -Libc.EAGAIN) {
                length = Math.min(0, readiness.await());
            }
            if (length < 0 && length != -Libc.EINTR) {
                throw new TunnelException("no packets can be received any more (errno " + -length + ")");
            }
        }
        return Optional.empty();
    }

    void wake() {
        woken = true;
        readiness.wake();
    }

    @Override
    public void close() {
        readiness.close();
        arena.close();
    }
}
