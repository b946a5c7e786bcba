package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that runs, and the person who runs it: what is asked, what is read, what is changed meanwhile. */
class ControlIT {

    @TempDir
    private Path work;

    private Path configuration;
    private Lab lab;
    private Home home;

    @BeforeEach
    void start() throws Exception {
        configuration = work.resolve("gateway.conf");
        lab = new Lab();
        home = new Home(lab, "cpe", "lan", configuration, Home.MEASURED);
    }

    @AfterEach
    void end() throws Exception {
        home.close();
        lab.close();
    }

    private Command.Result ask(String... words) throws Exception {
        var command = new String[words.length + 3];
        command[0] = Chain.program("portreeve");
        System.arraycopy(words, 0, command, 1, words.length);
        command[words.length + 1] = "--config";
        command[words.length + 2] = configuration.toString();
        return Command.of(command).run();
    }

    /** It does not believe in an address that is not public, and is told to go on. */
    private Command.Result open(int port) throws Exception {
        return home.upnpc("-i", "-e", "evil\nname", "-a", "192.168.1.10", "" + port, "" + port, "TCP", "3600");
    }

    @Test
    void showsHowItIsDoingAndWhatIsOpen() throws Exception {
        assertThat(home.succeeded(ask("list"))).isEqualTo("there are no port mappings\n");
        home.succeeded(open(8080));
        open(445);

        assertThat(home.succeeded(ask("list")).lines())
                .hasSize(2)
                .last()
                .asString()
                .matches("TCP +8080 +192\\.168\\.1\\.10:8080 +.* +any +evil\\\\u\\{a}name");
        assertThat(home.succeeded(ask("list", "--json"))).startsWith("[{\"protocol\":\"TCP\",\"externalPort\":8080,");
        assertThat(home.succeeded(ask("status")))
                .contains(home.description().toString(), "wan0: 100.64.0.2", "because no pcp-server is set")
                .contains("port mappings   1 of 1 host", "denied TCP 445");
        assertThat(home.measured("/readyz")).isEqualTo("yes\n");
        assertThat(home.measured("/metrics"))
                .contains("\nportreeve_port_mappings 1\n", "{action=\"AddPortMapping\",result=\"718\"} 1\n")
                .doesNotContain("evil", "192.168.");
        assertThat(Files.readAllLines(Home.auditLog(configuration)))
                .satisfiesExactly(
                        line -> assertThat(line).contains("\"what\":\"opened\"", "\"externalPort\":8080"),
                        line -> assertThat(line).contains("\"what\":\"denied\"", "\"externalPort\":445"));
    }

    @Test
    void followsAChangedFileAndNoneWithAMistake() throws Exception {
        home.succeeded(open(8080));
        var good = Files.readString(configuration);
        Files.writeString(configuration, "denied-prts = 9090\n", StandardOpenOption.APPEND);
        home.gateway().signal("HUP");
        home.gateway().await("gateway.conf:9: unknown key 'denied-prts'; did you mean 'denied-ports'?");
        home.succeeded(open(9090));

        Files.move(Home.auditLog(configuration), work.resolve("audit.1"));
        Files.writeString(configuration, good + "denied-ports = 9090, 9091\nhttp-port = 50000\n");
        home.gateway().signal("HUP");
        home.gateway().await("another 'http-port' needs a restart");
        home.gateway().await("gateway.conf: read again");
        assertThat(open(9091).errors() + open(9091).output()).contains("718");
        assertThat(home.succeeded(ask("list")).lines())
                .as("what is open stays open: a head, 8080 and 9090")
                .hasSize(3);
        assertThat(work.resolve("audit.1")).content().contains("9090").doesNotContain("9091");
        assertThat(Home.auditLog(configuration)).content().contains("\"what\":\"denied\"", "9091");
    }

    @Test
    void whoAsksWithoutAGatewayIsToldSo() throws Exception {
        home.close();
        var result = ask("status");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.output()).isEmpty();
        assertThat(result.errors().lines())
                .singleElement()
                .asString()
                .startsWith("portreeve: the gateway is not running")
                .contains("it is started by 'portreeve --config FILE'");
        assertThat(ask("status", "--jsn").exitCode()).isEqualTo(2);
    }
}
