package io.portreeve.igd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.control.ControlSocket;
import io.portreeve.settings.SettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlCommandTest {

    @TempDir
    private Path folder;

    @Test
    void asksWhereTheConfigurationSays() throws Exception {
        var config = Files.writeString(
                folder.resolve("g.conf"), "lan-interface = lan0\nwan-interface = wan0\nstate-dir = " + folder + "\n");

        assertThat(ControlCommand.of("status", "--config", config.toString()))
                .isEqualTo(new ControlCommand(folder.resolve("control.sock"), "status"));
    }

    @Test
    void asksWhereItIsToldOrWhereItUsuallyIs() throws Exception {
        assertThat(ControlCommand.of("list", "--json", "--socket", "/x/y"))
                .isEqualTo(new ControlCommand(Path.of("/x/y"), "list json"));
        assertThat(ControlCommand.of("status"))
                .isEqualTo(new ControlCommand(Path.of("/var/lib/portreeve/control.sock"), "status"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --jsn             | unknown argument '--jsn'; see portreeve --help
            --socket          | --socket needs the name of a file
            --config          | --config needs the name of a file
            """)
    void saysWhatIsWrongInOneLine(String argument, String message) {
        assertThatThrownBy(() -> ControlCommand.of("status", argument))
                .isInstanceOf(SettingsException.class)
                .hasMessage(message);
    }

    @Test
    void aGatewayThatAnswers() throws Exception {
        var socket = folder.resolve("s");
        try (var _ = ControlSocket.open(socket, question -> "<" + question + ">")) {
            assertThat(new ControlCommand(socket, "list json").ask()).isEqualTo("<list json>");
        }
    }

    @Test
    void aGatewayThatHangs() throws Exception {
        var socket = folder.resolve("s");
        try (var _ = ControlSocket.open(socket, _ -> "")) {
            assertThatThrownBy(() -> new ControlCommand(socket, "list").ask())
                    .isInstanceOf(StartException.class)
                    .hasMessage("the gateway runs, but cannot answer; see its log");
        }
    }

    @Test
    void noGateway() {
        assertThatThrownBy(() -> new ControlCommand(folder.resolve("s"), "list").ask())
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("the gateway is not running")
                .hasMessageContaining(folder + "/s")
                .hasMessageEndingWith("it is started by 'portreeve --config FILE'");
    }
}
