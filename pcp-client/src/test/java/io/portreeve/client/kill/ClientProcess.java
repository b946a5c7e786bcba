package io.portreeve.client.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An {@link Application} in a process of its own. */
final class ClientProcess implements AutoCloseable {
    /** Only says that something hangs. */
    private static final int DEADLINE_SECONDS = 60;

    private final Process process;

    /** What it has said; empty at the end. */
    private final BlockingQueue<Optional<String>> said = new LinkedBlockingQueue<>();

    private int unanswered;

    private ClientProcess(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::listen);
    }

    /** {@return a client that works, on the store that an earlier one left in {@code directory}} */
    static ClientProcess start(Path directory, int port) throws Exception {
        var errors = directory.resolve("client.log").toFile();
        var process = new ProcessBuilder(command(directory, port))
                .redirectError(Redirect.appendTo(errors))
                .start();
        var client = new ClientProcess(process);
        assertThat(client.take()).as(() -> log(directory)).contains("ready");
        return client;
    }

    private static String log(Path directory) {
        try {
            return Files.readString(directory.resolve("client.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(Path directory, int port) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + directory, // who is killed leaves there what it unpacked
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Application.class.getName(),
                Integer.toString(port),
                directory.resolve("mappings.db").toString());
    }

    private void listen() {
        try (var lines = process.inputReader()) {
            lines.lines().forEach(line -> said.add(Optional.of(line)));
        } catch (IOException | UncheckedIOException _) {
            // what was not read was not told
        }
        said.add(Optional.empty());
    }

    /** Whether one who is killed meanwhile has still heard it, nobody knows. */
    void tell(String command) {
        unanswered++;
        try {
            var out = process.outputWriter();
            out.write(command + "\n");
            out.flush();
        } catch (IOException _) {
            // it is dead, and answers nothing
        }
    }

    int unanswered() {
        return unanswered;
    }

    /** {@return its next answer; empty if it says nothing more, because it was killed} */
    Optional<String> hear() throws InterruptedException {
        unanswered--;
        return take();
    }

    private Optional<String> take() throws InterruptedException {
        var line = said.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(line).as("the client hangs").isNotNull();
        return line;
    }

    /** kill -9 */
    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
