package io.portreeve.server.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.server.cli.PcpServerSim;
import io.portreeve.server.control.ServerControl;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code pcp-server-sim serve} as a process of its own.
 *
 * @param address where it listens: another port each time
 * @param epoch in seconds, when it was ready
 */
record ServerProcess(Process process, InetSocketAddress address, long epoch, Path directory) implements AutoCloseable {
    private static final Pattern READY =
            Pattern.compile("ready: PCP on 127\\.0\\.0\\.1:(\\d+), .* mappings restored, epoch (\\d+) s");

    /** {@return a server that answers, on the state that an earlier one left in {@code directory}} */
    static ServerProcess start(Path directory) throws IOException {
        var errors = directory.resolve("server.log").toFile();
        var process = new ProcessBuilder(command(directory))
                .redirectError(Redirect.appendTo(errors))
                .start();
        var line = process.inputReader().readLine();
        var ready = READY.matcher(line == null ? "" : line);
        if (!ready.matches()) {
            process.destroyForcibly();
            throw new AssertionError("'" + line + "', and " + Files.readString(errors.toPath()));
        }
        var address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(ready.group(1)));
        return new ServerProcess(process, address, Long.parseLong(ready.group(2)), directory);
    }

    private static List<String> command(Path directory) throws IOException {
        var settings = List.of(
                "listen = 127.0.0.1",
                "port = 0",
                "pool = 203.0.114.1-203.0.114.4",
                "state-dir = " + directory.resolve("state"));
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + directory, // who is killed leaves there what it unpacked
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                PcpServerSim.class.getName(),
                "serve",
                "--config",
                Files.write(directory.resolve("sim.conf"), settings).toString());
    }

    /** {@return the CGN's table, as {@code pcp-server-sim mappings} shows it} */
    List<TableRow> table() throws Exception {
        var text = ServerControl.mappings(directory.resolve("state").resolve("control.sock"));
        assertThat(text).matches(it -> it.startsWith("SUBSCRIBER") || it.equals("no mappings\n"));
        return Stream.of(text.split("\n")).skip(1).map(TableRow::of).toList();
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
