package io.portreeve.server.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What servers of this process need: folders and threads. Other tests may have left some before. */
final class Leftovers {
    private final List<String> before = all();

    private static List<String> all() {
        var all = new ArrayList<String>();
        var prefix = "pcp-test-server-" + ProcessHandle.current().pid() + "-";
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            files.map(Path::getFileName)
                    .map(Path::toString)
                    .filter(name -> name.startsWith(prefix))
                    .forEach(all::add);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.equals("pcp-server") || name.equals("fault-line"))
                .forEach(all::add);
        return all;
    }

    private List<String> since() {
        var since = all();
        before.forEach(since::remove);
        return since;
    }

    void assertNone() {
        assertThat(since()).isEmpty();
    }

    /** A folder and two threads for one server: who cannot see them sees no leak either. */
    void assertSome() {
        assertThat(since()).hasSize(3);
    }
}
