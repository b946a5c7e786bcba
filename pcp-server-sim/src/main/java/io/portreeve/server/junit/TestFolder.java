package io.portreeve.server.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** A folder that goes with the test. */
record TestFolder(Path path) {

    /** The name says whose it is, should a process die and leave it behind. */
    static TestFolder make() {
        try {
            var prefix = "pcp-test-server-" + ProcessHandle.current().pid() + "-";
            return new TestFolder(Files.createTempDirectory(prefix));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return where the server keeps its state} */
    Path state() {
        return path.resolve("state");
    }

    /** What is not there need not be deleted. */
    void delete() {
        if (Files.notExists(path)) {
            return;
        }
        try (var files = Files.walk(path)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
