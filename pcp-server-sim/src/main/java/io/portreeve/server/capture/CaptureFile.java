package io.portreeve.server.capture;

import io.portreeve.runtime.Joining;
import io.portreeve.server.net.DatagramTaps;
import io.portreeve.server.net.SeenDatagram;
import io.portreeve.storage.FileTrouble;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every datagram that comes and goes, written to a file by a thread of its own. A file that cannot be written any more ends the
 * capture and nothing else; a disk that is too slow costs datagrams in the file, and nobody waits for it.
 */
final class CaptureFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CaptureFile.class);

    /** Datagrams that wait for the disk at most; each has 2 kB at most. */
    static final int MOST_WAITING = 8192;

    private record Seen(Instant at, SeenDatagram datagram) {}

    private final Path file;
    private final OutputStream out;
    private final DatagramTaps taps;
    private final InstantSource wall;
    private final Consumer<SeenDatagram> tap = this::see;
    private final Thread thread = Thread.ofPlatform().daemon().name("capture").unstarted(this::write);

    /** An empty entry is the last. */
    private final BlockingQueue<Optional<Seen>> queue = new LinkedBlockingQueue<>();

    private final AtomicLong written = new AtomicLong();
    private final AtomicLong missed = new AtomicLong();
    private volatile Optional<String> trouble = Optional.empty();

    CaptureFile(Path file, OutputStream out, DatagramTaps taps, InstantSource wall) {
        this.file = file;
        this.out = new BufferedOutputStream(out);
        this.taps = taps;
        this.wall = wall;
    }

    /** {@return a capture of all that comes and goes from now on} What {@code file} held is gone; nonces are for its owner alone. */
    static CaptureFile open(Path file, DatagramTaps taps, InstantSource wall) throws IOException {
        var channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        var capture = new CaptureFile(file, Channels.newOutputStream(channel), taps, wall);
        try {
            capture.start();
            return capture;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    void start() throws IOException {
        out.write(Pcap.header());
        out.flush();
        thread.start();
        taps.add(tap);
    }

    void see(SeenDatagram datagram) {
        if (queue.size() < MOST_WAITING) {
            queue.add(Optional.of(new Seen(wall.instant(), datagram)));
        } else {
            missed.incrementAndGet();
        }
    }

    private void write() {
        try (out) {
            for (var next = queue.take(); next.isPresent(); next = queue.take()) {
                out.write(Pcap.record(next.get().at(), next.get().datagram()));
                if (queue.isEmpty()) {
                    out.flush();
                }
                written.incrementAndGet();
            }
        } catch (IOException e) {
            taps.remove(tap);
            trouble = Optional.of(FileTrouble.of(e));
            LOG.warn("{}: the capture ends: {}", file, FileTrouble.of(e));
        } catch (InterruptedException e) {
            LOG.warn("{}: the capture was interrupted", file);
        }
    }

    Path file() {
        return file;
    }

    /** {@return why it has ended by itself, if it has} */
    Optional<String> trouble() {
        return trouble;
    }

    /** {@return how much there is of it} */
    String amount() {
        long lost = missed.get();
        return written.get() + " datagrams in " + file
                + (lost > 0 ? ", " + lost + " missed: the disk is too slow" : "");
    }

    /** Ends it when all that was seen is written. */
    @Override
    public void close() {
        taps.remove(tap);
        queue.add(Optional.empty());
        Joining.whateverComes(thread);
    }
}
