package io.portreeve.server.cli;

import io.portreeve.server.CannotStartException;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that does what its configuration file and its options say, until it is told to stop. */
final class Configured {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", description = "Lines of: key = value")
    private Path file;

    @Option(names = "--check-config", description = "Only say whether all this is good.")
    private boolean checkOnly;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    private boolean help;

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
        var settings = reader.of(settings());
        var said = new Said(spec);
        if (checkOnly) {
            said.line(source() + ": good");
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

    private Settings settings() throws SettingsException {
        var settings = file == null ? new Settings(source(), List.of()) : Settings.read(file);
        settings.override(options());
        return settings;
    }

    private String source() {
        return file == null ? "command line (no --config)" : file.toString();
    }

    private Map<String, String> options() {
        var options = new LinkedHashMap<String, String>();
        var said = spec.commandLine().getParseResult();
        SettingOption.OF_SERVER.forEach(option -> {
            if (said.hasMatchedOption(option.name())) {
                options.put(option.key(), said.matchedOptionValue(option.name(), ""));
            }
        });
        return options;
    }

    /** A JVM that is told to stop says 143; the shutdown is ours to end, so it says what we know. */
    private static void closeOnSignal(Running running, AtomicInteger exitCode) {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            running.close().run();
            Runtime.getRuntime().halt(exitCode.get());
        }));
    }
}
