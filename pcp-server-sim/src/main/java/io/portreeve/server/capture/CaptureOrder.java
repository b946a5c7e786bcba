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
    /** The answer to {@code capture into FILE} if it does so. */
    public static final String YES = "yes\n";

    private final DatagramTaps taps;
    private final InstantSource wall;
    private Optional<CaptureFile> current = Optional.empty();
    private boolean isClosed;

    /** @param wall the time in the file */
    public CaptureOrder(DatagramTaps taps, InstantSource wall) {
        this.taps = taps;
        this.wall = wall;
    }

    /** {@return {@code file} as a word of an order} A name may hold what separates words. */
    public static String word(Path file) {
        return file.toAbsolutePath().normalize().toUri().toString();
    }

    @Override
    public synchronized String done(List<String> words) throws OrderRefused {
        if (isClosed) {
            throw new OrderRefused("the server ends, and its capture with it");
        }
        if (words.isEmpty()) {
            return state() + "\n";
        }
        if (words.equals(List.of("stop"))) {
            return stop() + "\n";
        }
        if (words.size() == 2) {
            return done(words.getFirst(), file(words.getLast()));
        }
        throw unknown();
    }

    private String done(String what, Path file) throws OrderRefused {
        return switch (what) {
            case "start" -> {
                begin(file);
                yield state() + "\n";
            }
            case "into" -> isInto(file) ? YES : "no\n";
            case "stop" -> stop(file) + "\n";
            default -> throw unknown();
        };
    }

    private static OrderRefused unknown() {
        return new OrderRefused(
                "say: capture, capture start file:///..., capture into file:///..., or capture stop [file:///...]");
    }

    private boolean isInto(Path file) {
        return current.filter(capture -> capture.file().equals(file)).isPresent();
    }

    private String stop(Path file) throws OrderRefused {
        if (!isInto(file)) {
            throw new OrderRefused("it does not capture into " + file + " any more");
        }
        return stop();
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
        end();
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
        end();
        if (capture.trouble().isPresent()) {
            throw new OrderRefused(
                    "the capture ended before: " + capture.trouble().get() + "; " + capture.amount());
        }
        return capture.amount();
    }

    private void end() {
        current.ifPresent(CaptureFile::close);
        current = Optional.empty();
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        end();
    }
}
