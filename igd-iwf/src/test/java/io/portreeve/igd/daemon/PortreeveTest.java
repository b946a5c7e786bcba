package io.portreeve.igd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.testing.Await;
import io.portreeve.testing.OwnNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Signals that come while the gateway starts. Its provider is silent, for which a start waits. */
@ExtendWith(OwnNetwork.class)
class PortreeveTest {
    @TempDir
    private Path folder;

    private Path printed;
    private Process gateway;

    @BeforeEach
    void isStarting() throws Exception {
        run("ip", "link", "add", "lan0", "type", "veth", "peer", "name", "wan0");
        run("ip", "address", "add", "192.168.1.1/24", "dev", "lan0");
        run("ip", "address", "add", "100.64.0.2/24", "dev", "wan0");
        run("ip", "link", "set", "lan0", "up");
        run("ip", "link", "set", "wan0", "up");
        var configuration = Files.writeString(folder.resolve("g.conf"), """
                lan-interface = lan0
                wan-interface = wan0
                pcp-server = 100.64.0.1
                nat = none
                state-dir = %s
                """.formatted(folder));
        printed = folder.resolve("printed");
        gateway = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Portreeve.class.getName(),
                        "--config",
                        configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        Await.until("it has begun", () -> Files.exists(folder.resolve("control.sock")));
        assertThat(printed).content().doesNotContain("ready:");
    }

    @AfterEach
    void end() {
        gateway.destroyForcibly().onExit().join();
    }

    private static void run(String... words) throws Exception {
        assertThat(new ProcessBuilder(words).inheritIO().start().waitFor()).isZero();
    }

    private void signal(String name) throws Exception {
        run("kill", "-" + name, "" + gateway.pid());
    }

    private void hasPrinted(String part) throws Exception {
        Await.until(part, () -> isPrinted(part) || !gateway.isAlive());
        assertThat(printed).content().contains(part);
    }

    private boolean isPrinted(String part) throws IOException {
        return Files.readString(printed).contains(part);
    }

    @Test
    void theConfigurationIsReadAgainWhenItHasStarted() throws Exception {
        signal("HUP");
        hasPrinted("ready:");
        hasPrinted("g.conf: read again");
    }

    @Test
    void itEndsWhenAllItHasOpenedCanBeClosed() throws Exception {
        signal("TERM");
        assertThat(gateway.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(gateway.exitValue()).isZero();
        assertThat(folder.resolve("control.sock")).doesNotExist();
    }
}
