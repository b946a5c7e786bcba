package io.portreeve.bench.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A gateway's program.
 *
 * @param command starts it, perhaps in the background
 * @param pidFile where its process id stands as soon as it answers
 * @param address where it is searched
 */
record Program(Path command, Path pidFile, InetAddress address) {
    private static final Duration LONGEST_START = Duration.ofSeconds(30);

    /**
     * One that was started.
     *
     * @param took until it answered a search
     */
    record Started(ProcessHandle process, Path pidFile, URI description, Duration took) {

        void stop() throws IOException {
            process.destroy();
            process.onExit().join();
            Files.deleteIfExists(pidFile); // its process id may be another's soon
        }

        /** {@return what it holds of the memory, in octets; pages that several share are shared out} */
        long pss() throws IOException {
            return Rollup.pss(Files.readAllLines(proc("smaps_rollup")));
        }

        /** {@return the command of its Java with all flags, up to the class path} */
        List<String> java() throws IOException {
            return JavaCommand.of(Files.readString(proc("cmdline")), Files.readString(proc("environ")));
        }

        private Path proc(String file) {
            return Path.of("/proc", Long.toString(process.pid()), file);
        }
    }

    Started start() throws IOException {
        Files.deleteIfExists(pidFile);
        long begin = System.nanoTime();
        new ProcessBuilder(command.toString()).inheritIO().start();
        var description = Search.untilAnswered(address, LONGEST_START);
        var took = Duration.ofNanos(System.nanoTime() - begin);
        long pid = Long.parseLong(Files.readString(pidFile).strip());
        var process =
                ProcessHandle.of(pid).orElseThrow(() -> new IOException(command + " has ended as soon as it answered"));
        return new Started(process, pidFile, description, took);
    }
}
