package io.portreeve.igd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.iwf.AskingPolicy;
import io.portreeve.igd.iwf.IwfPolicy;
import io.portreeve.settings.Settings;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReloadTest {
    private static final List<String> OTHER = """
            lan-interface = lan1
            lan-ipv6 = on
            wan-interface = wan1
            pcp-server = 100.64.0.1
            pcp-port = 5399
            pcp-service-wait = 5 min
            pcp-get = on
            nat = none
            state-dir = /state
            http-port = 1234
            friendly-name = Other
            control-socket = /run/other.sock
            audit-log = /var/log/other
            metrics-port = 9100
            lease-events = /run/leases
            host-absence = 1 h
            """.lines().toList();

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

    /** All settings but the policy, which is followed. */
    static Stream<RecordComponent> settings() {
        return Stream.of(GatewaySettings.class.getRecordComponents())
                .filter(setting -> setting.getType() != IwfPolicy.class);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void anotherValueOfWhatIsTakenAtTheStartNeedsARestart(RecordComponent setting) throws Exception {
        var read = new Settings("g.conf", OTHER);
        var other = GatewaySettings.from(read);
        var before = reload.inForce().settings();
        assertThat(setting.getAccessor().invoke(other))
                .as("OTHER has another value for this one, too")
                .isNotEqualTo(setting.getAccessor().invoke(before));

        assertThat(Reload.needingRestart(before, with(setting, other, before)))
                .singleElement()
                .isIn(read.known());
        assertThat(Reload.needingRestart(before, before)).isEmpty();
    }

    /** {@return {@code before}, but for one setting, which is as in {@code other}} */
    private static GatewaySettings with(RecordComponent setting, GatewaySettings other, GatewaySettings before)
            throws Exception {
        var components = GatewaySettings.class.getRecordComponents();
        var types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        var values = new ArrayList<>();
        for (var component : components) {
            values.add(component.getAccessor().invoke(component.getName().equals(setting.getName()) ? other : before));
        }
        return GatewaySettings.class.getDeclaredConstructor(types).newInstance(values.toArray());
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
