package io.portreeve.server.cli;

import io.portreeve.server.CannotStartException;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that does what its configuration file says, until it is told to stop. */
final class Configured {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "Lines of: key = value")
    private Path file;

    @Option(names = "--check-config", description = "Only say whether FILE is good.")
    private boolean checkOnly;

    /**
     * What runs.
     *
     * @param ready what is said when it does
     * @param failure completed when it stops by itself
     */
    record Running(String ready, Runnable close, CompletableFuture<Throwable> failure) {}

    @FunctionalInterface
    interface Reader<S> {
        S of(Settings settings) throws SettingsException;
    }

    @FunctionalInterface
    interface Starter<S> {
        Running start(S settings) throws CannotStartException;
    }

    /** {@return the exit code} */
    <S> int run(Reader<S> reader, Starter<S> starter) throws SettingsException, CannotStartException {
        var settings = reader.of(Settings.read(file));
        var said = new Said(spec);
        if (checkOnly) {
            said.line(file + ": good");
            return ExitCode.OK;
        }
        var running = starter.start(settings);
        var exitCode = new AtomicInteger(ExitCode.OK);
        closeOnSignal(running, exitCode);
        said.line(running.ready());
        running.failure().join();
        exitCode.set(ExitCode.SOFTWARE);
        return ExitCode.SOFTWARE;
    }

    /** A JVM that is told to stop says 143; the shutdown is ours to end, so it says what we know. */
    private static void closeOnSignal(Running running, AtomicInteger exitCode) {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            running.close().run();
            Runtime.getRuntime().halt(exitCode.get());
        }));
    }
}
