package io.portreeve.igd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.iwf.AskingPolicy;
import io.portreeve.igd.iwf.IwfPolicy;
import io.portreeve.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadTest {
    private final List<IwfPolicy> told = new ArrayList<>();

    @TempDir
    private Path folder;

    private Path file;
    private Reload reload;

    @BeforeEach
    void read() throws Exception {
        file = folder.resolve("g.conf");
        write();
        reload = new Reload(Configuration.read(file), told::add);
    }

    private void write(String... more) throws Exception {
        Files.writeString(file, "lan-interface = lan0\nwan-interface = wan0\n" + String.join("\n", more));
    }

    @Test
    void aFileThatIsWrongChangesNothing() throws Exception {
        var before = reload.inForce();
        write("host-mappings = 3", "host-mapings = 4");
        reload.run();
        assertThat(told).isEmpty();
        assertThat(reload.inForce()).isSameAs(before);
    }

    @Test
    void whatHostsMayIsFollowed() throws Exception {
        var before = reload.inForce().settings().policy();
        write("host-mappings = 3", "lowest-port = 2000", "deletion-while-silent = fail", "share-descriptions = off");
        reload.run();

        var wanted = GatewaySettings.from(Settings.read(file)).policy();
        assertThat(told).containsExactly(wanted);
        assertThat(wanted).isNotEqualTo(before);
        assertThat(reload.inForce().settings().policy()).isEqualTo(wanted);
    }

    @Test
    void whatNeedsARestartIsNot() throws Exception {
        var before = reload.inForce();
        write("http-port = 1234", "nat = none", "pcp-server = 100.64.0.1", "answer-deadline = 9 s", "add-retries = 2");
        reload.run();

        assertThat(told).isEmpty();
        assertThat(reload.inForce().settings()).isEqualTo(before.settings());
        assertThat(reload.inForce()).as("it was read again").isNotSameAs(before);
    }

    @Test
    void itIsComparedWithWhatIsInForce() throws Exception {
        write("lookup = rfc-probe");
        reload.run();
        reload.run();
        assertThat(told).hasSize(1);
        write();
        reload.run();
        assertThat(told).hasSize(2);
        assertThat(told.getLast().asking()).isEqualTo(AskingPolicy.USUAL);
    }
}
