package io.portreeve.bench.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A JVM of its own, so that nothing is counted but what is measured. It ends when its standard input does. */
public final class MeasuredProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader said;

    private MeasuredProcess(Process process) {
        this.process = process;
        said = process.inputReader();
    }

    static MeasuredProcess start(Class<?> program, Object... arguments) throws IOException {
        return start(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UseDynamicNumberOfCompilerThreads", // a thread that ends takes its figures with it
                        "--enable-native-access=ALL-UNNAMED"),
                program,
                arguments);
    }

    /** @param java the command, with its flags */
    public static MeasuredProcess start(List<String> java, Class<?> program, Object... arguments) throws IOException {
        var command = new ArrayList<>(java);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        List.of(arguments).forEach(argument -> command.add(argument.toString()));
        return new MeasuredProcess(
                new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
    }

    void tell(String line) throws IOException {
        var out = process.outputWriter();
        out.write(line + "\n");
        out.flush();
    }

    /** Waits until it has said {@code what}. */
    public void await(String what) throws IOException {
        var line = said.readLine();
        if (!what.equals(line)) {
            throw new IOException("'" + what + "' was expected from "
                    + process.info().command().orElse("it") + ", not " + line);
        }
    }

    /** Waits for {@code event}, which cannot come any more when it has ended. */
    void await(CompletableFuture<Void> event) throws IOException {
        CompletableFuture.anyOf(event, process.onExit()).join();
        if (!event.isDone()) {
            throw new IOException("a measured process has ended with " + process.exitValue());
        }
    }

    Usage usage() throws IOException {
        return Usage.of(process.pid());
    }

    @Override
    public void close() throws IOException {
        process.outputWriter().close();
        process.onExit().join();
    }
}
