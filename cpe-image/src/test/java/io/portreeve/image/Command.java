package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program of this machine, run to its end. */
record Command(List<String> words, Map<String, String> environment) {
    private static final long DEADLINE_SECONDS = 60;

    /** What became of it. */
    record Result(int exitCode, String output, String errors) {}

    static Command of(String... words) {
        return new Command(List.of(words), Map.of());
    }

    Command with(String variable, String value) {
        return new Command(words, Map.of(variable, value));
    }

    /** {@return this, run by a program that takes away some right or other} */
    Command as(List<String> program) {
        return new Command(Stream.concat(program.stream(), words.stream()).toList(), environment);
    }

    Result run() throws IOException, InterruptedException {
        Path output = Files.createTempFile("command", ".out");
        Path errors = Files.createTempFile("command", ".err");
        try {
            var process = builder()
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(words + " does not end; so far: " + Files.readString(errors));
            }
            return new Result(process.exitValue(), Files.readString(output), Files.readString(errors));
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }

    /** Runs it and expects it to succeed. {@return what it prints} */
    String succeed() throws IOException, InterruptedException {
        var result = run();
        assertThat(result.exitCode()).as("%s", result).isZero();
        return result.output();
    }

    ProcessBuilder builder() {
        var builder = new ProcessBuilder(words);
        builder.environment().putAll(environment);
        return builder;
    }
}
