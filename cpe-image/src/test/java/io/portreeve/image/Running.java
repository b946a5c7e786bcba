package io.portreeve.image;

import io.portreeve.testing.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that runs. What it prints is kept, and can be waited for. */
final class Running implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    private Running(Process process) {
        this.process = process;
    }

    static Running start(Command command) throws IOException {
        var running = new Running(command.builder().redirectErrorStream(true).start());
        Thread.ofVirtual().start(running::read);
        return running;
    }

    private void read() {
        try (BufferedReader output = process.inputReader()) {
            output.lines().forEach(this::add);
        } catch (IOException | UncheckedIOException _) {
            // It was killed in the middle of a line.
        } finally {
            end();
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** {@return how many lines it has printed: where {@link #await} may begin} */
    synchronized int printed() {
        return lines.size();
    }

    /** {@return all it has printed} */
    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    String await(String part) throws InterruptedException {
        return await(part, 0);
    }

    /** {@return the first line with {@code part}, which it may print still, not counting the first {@code from} lines} */
    synchronized String await(String part, int from) throws InterruptedException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        for (int next = from; ; next++) {
            while (next >= lines.size() && !ended && System.nanoTime() < deadline) {
                wait(DEADLINE.toMillis());
            }
            if (next >= lines.size()) {
                throw new AssertionError("no line with '" + part + "' in:\n" + String.join("\n", lines));
            }
            if (lines.get(next).contains(part)) {
                return lines.get(next);
            }
        }
    }

    /** Ends it as a power cut does. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Sends a signal, such as INT, to this process alone. */
    void signal(String name) throws IOException, InterruptedException {
        var result = Command.of("kill", "-" + name, "" + process.pid()).run();
        if (result.exitCode() != 0) {
            throw new IOException("kill -" + name + ": " + result.errors());
        }
    }

    /** Has it stand still until it gets the signal CONT. A signal is only on its way when it has been sent. */
    void stop() throws Exception {
        signal("STOP");
        Await.until(process + " stands still", () -> {
            try (var threads = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
                return threads.allMatch(Running::isStopped);
            }
        });
    }

    private static boolean isStopped(Path thread) {
        try {
            var stat = Files.readString(thread.resolve("stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException e) {
            return true; // it has ended
        }
    }

    @Override
    public void close() {
        process.destroy();
        var ended = process.onExit().completeOnTimeout(null, DEADLINE.toSeconds(), TimeUnit.SECONDS);
        if (ended.join() == null) {
            kill();
            throw new AssertionError("does not end when told to:\n" + String.join("\n", lines()));
        }
    }
}
