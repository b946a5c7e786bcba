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
            "Has a running server write what it hears and says to FILE, for Wireshark and its like (pcap), until Ctrl-C. Without FILE:",
            "says whether it does so."
        },
        mixinStandardHelpOptions = true)
final class CaptureCommand implements Callable<Integer> {

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
        var start = CaptureOrder.start(into.file);
        server.order("capture", start.getFirst(), start.getLast());
        var hook = Thread.ofPlatform().unstarted(this::stopAndHalt);
        Runtime.getRuntime().addShutdownHook(hook);
        if (into.time == null) {
            Thread.currentThread().join(); // until the signal
        }
        TimeUnit.NANOSECONDS.sleep(into.time.toNanos());
        Runtime.getRuntime().removeShutdownHook(hook);
        return server.order("capture", "stop");
    }

    /** A JVM that is told to stop says 130; to stop is what was wanted here. */
    private void stopAndHalt() {
        Runtime.getRuntime().halt(stop());
    }

    private int stop() {
        try {
            return server.order("capture", "stop");
        } catch (ControlException e) {
            spec.commandLine().getErr().println("pcp-server-sim: " + e.getMessage());
            return ExitCode.SOFTWARE;
        }
    }
}
