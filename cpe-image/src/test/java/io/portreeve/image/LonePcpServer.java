package io.portreeve.image;

import io.portreeve.control.ControlException;
import io.portreeve.server.control.ServerControl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A pcp-server-sim on the lab's cgn, without a gateway that asks it. Its external address is 203.0.114.1. */
final class LonePcpServer implements AutoCloseable {
    static final String ADDRESS = "100.64.0.1";

    private final Path controlSocket;
    private final Running process;

    /** @param work an empty folder */
    LonePcpServer(Lab lab, Path work) throws Exception {
        controlSocket = work.resolve("server.sock");
        var configuration = Files.writeString(work.resolve("server.conf"), """
                listen = %s
                pool = 203.0.114.1
                state-dir = %s/server-state
                control-socket = %s
                log-exchanges = on
                """.formatted(ADDRESS, work, controlSocket));
        process = Running.start(
                lab.inside("cgn", Chain.program("pcp-server-sim"), "serve", "--config", configuration.toString()));
        process.await("ready: ");
    }

    /** {@return what it has said, the exchanges among it} */
    List<String> lines() {
        return process.lines();
    }

    /** {@return its mappings as {@code PROTOCOL INTERNAL EXTERNAL}} */
    List<String> table() throws ControlException {
        return ServerControl.mappings(controlSocket)
                .lines()
                .filter(line -> line.startsWith("100.64."))
                .map(line -> line.split(" +"))
                .map(cells -> cells[1] + " " + cells[2] + " " + cells[3])
                .toList();
    }

    @Override
    public void close() {
        process.close();
    }
}
