package io.portreeve.server.cli;

import io.portreeve.control.ControlException;
import io.portreeve.server.capture.CaptureOrder;
import io.portreeve.settings.Times;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "capture",
        description = {
            "Has a running server write what it hears and says to FILE (pcap), until Ctrl-C.",
            "FILE is for Wireshark and its like. Without FILE: says whether it does so."
        },
        mixinStandardHelpOptions = true)
final class CaptureCommand implements Callable<Integer> {

    /** How often it looks whether that goes on still. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    @Spec
    private CommandSpec spec;

    @Mixin
    private ControlOption server;

    @ArgGroup
    private What what;

    /** One of these. */
    static final class What {
        @Option(names = "--stop", description = "Ends a capture.")
        private boolean stop;

        @ArgGroup(exclusive = false)
        private Into into;
    }

    /** Where to, and for how long. */
    static final class Into {
        @Parameters(paramLabel = "FILE", description = "What it holds is replaced.")
        private Path file;

        @Option(
                names = "--for",
                paramLabel = "TIME",
                converter = Time.class,
                description = "Ends by itself after a time such as 10s or 5min.")
        private Duration time;
    }

    static final class Time implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return Times.parse(text)
                    .orElseThrow(() -> new TypeConversionException("'" + text + "' is not a time such as 10s or 5min"));
        }
    }

    @Override
    public Integer call() throws ControlException, InterruptedException {
        if (what == null) {
            return server.order("capture");
        }
        if (what.stop) {
            return server.order("capture", "stop");
        }
        return capture(what.into);
    }

    private int capture(Into into) throws ControlException, InterruptedException {
        server.order("capture", "start", CaptureOrder.word(into.file));
        long end = into.time == null ? Long.MAX_VALUE : into.time.toNanos();
        return UntilSignal.run(() -> capture(into.file, end), () -> stop(into.file));
    }

    /** @param time in nanoseconds */
    private int capture(Path file, long time) throws ControlException, InterruptedException {
        long start = System.nanoTime();
        for (long left = time; left > 0; left = time - (System.nanoTime() - start)) {
            if (!server.ask("capture", "into", CaptureOrder.word(file)).equals(CaptureOrder.YES)) {
                new Said(spec).line("somebody else has ended it");
                return ExitCode.OK;
            }
            TimeUnit.NANOSECONDS.sleep(Math.min(left, LOOK.toNanos()));
        }
        return server.order("capture", "stop", CaptureOrder.word(file));
    }

    private int stop(Path file) {
        try {
            return server.order("capture", "stop", CaptureOrder.word(file));
        } catch (ControlException e) {
            spec.commandLine().getErr().println("pcp-server-sim: " + e.getMessage());
            return ExitCode.SOFTWARE;
        }
    }
}
