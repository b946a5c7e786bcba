package io.portreeve.server.scenario;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** The programs that a scenario starts. What they print goes to our standard error: the results are on the standard output. */
final class Clients implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 2;

    private final List<Process> all = new CopyOnWriteArrayList<>();

    /**
     * @param command for the shell, which finds the rest in {@code PCP_SERVER}, {@code PCP_PORT} and {@code PCP_CONTROL}
     * @param ended takes the exit code, on another thread
     */
    void start(String command, InetSocketAddress server, Path controlSocket, IntConsumer ended) throws IOException {
        var builder = new ProcessBuilder("sh", "-c", "exec >&2\n" + command)
                .redirectInput(new File("/dev/null"))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("PCP_SERVER", server.getAddress().getHostAddress());
        builder.environment().put("PCP_PORT", Integer.toString(server.getPort()));
        builder.environment().put("PCP_CONTROL", controlSocket.toAbsolutePath().toString());
        var process = builder.start();
        all.add(process);
        process.onExit().thenAccept(it -> ended.accept(it.exitValue()));
    }

    /** Ends those that run still, and what they have started. */
    @Override
    public void close() {
        all.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            process.onExit()
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .exceptionally(_ -> process.destroyForcibly())
                    .join();
        });
    }
}
