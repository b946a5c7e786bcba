package io.portreeve.server.capture;

import io.portreeve.server.control.Order;
import io.portreeve.server.control.OrderRefused;
import io.portreeve.server.net.DatagramTaps;
import io.portreeve.storage.FileTrouble;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Captures what a running server hears and says, into one file at a time: {@code capture start file:///...}, {@code capture stop}. */
public final class CaptureOrder implements Order, AutoCloseable {
    private final DatagramTaps taps;
    private final InstantSource wall;
    private Optional<CaptureFile> current = Optional.empty();

    /** @param wall the time in the file */
    public CaptureOrder(DatagramTaps taps, InstantSource wall) {
        this.taps = taps;
        this.wall = wall;
    }

    /** {@return the words that start a capture} A name may hold what separates words. */
    public static List<String> start(Path file) {
        return List.of("start", file.toAbsolutePath().normalize().toUri().toString());
    }

    @Override
    public synchronized String done(List<String> words) throws OrderRefused {
        if (words.isEmpty()) {
            return state() + "\n";
        }
        if (words.equals(List.of("stop"))) {
            return stop() + "\n";
        }
        if (words.size() == 2 && words.getFirst().equals("start")) {
            begin(file(words.getLast()));
            return state() + "\n";
        }
        throw new OrderRefused("say: capture, capture start file:///..., or capture stop");
    }

    private static Path file(String word) throws OrderRefused {
        try {
            return Path.of(URI.create(word));
        } catch (IllegalArgumentException e) {
            throw new OrderRefused("'" + word + "' names no file as file:///tmp/pcp.pcap does");
        }
    }

    /**
     * Starts.
     *
     * @throws OrderRefused if it captures already, or {@code file} cannot be written
     */
    public synchronized void begin(Path file) throws OrderRefused {
        if (current.isPresent() && current.get().trouble().isEmpty()) {
            throw new OrderRefused("it captures into " + current.get().file() + "; stop that first");
        }
        close();
        try {
            current = Optional.of(CaptureFile.open(file, taps, wall));
        } catch (IOException e) {
            throw new OrderRefused(file + ": cannot be written: " + FileTrouble.of(e) + "; choose another file");
        }
    }

    private String state() {
        return current.map(capture -> capture.trouble()
                        .map(trouble -> "it captures no longer: " + trouble + "; " + capture.amount())
                        .orElseGet(() -> "it captures; " + capture.amount()))
                .orElse("it captures nothing");
    }

    private String stop() throws OrderRefused {
        var capture = current.orElseThrow(() -> new OrderRefused("it captures nothing"));
        close();
        if (capture.trouble().isPresent()) {
            throw new OrderRefused(
                    "the capture ended before: " + capture.trouble().get() + "; " + capture.amount());
        }
        return capture.amount();
    }

    @Override
    public synchronized void close() {
        current.ifPresent(CaptureFile::close);
        current = Optional.empty();
    }
}
