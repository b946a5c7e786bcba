package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a user reads when a program cannot start: one line that says what to do. A row is a setting that is wrong, and that
 * line; FOLDER stands for a folder of the test's own.
 */
class StartFailureIT {
    /** Root may write anywhere; without this right the permissions of a folder count for it too. */
    private static final List<String> BOUND_BY_PERMISSIONS = List.of("setpriv", "--bounding-set=-dac_override");

    @TempDir
    private static Path work;

    private static Chain chain;

    @BeforeAll
    static void start() throws Exception {
        chain = Chain.routing(work);
        var route = chain.lab().inside("cpe", "ip", "route", "add", "unreachable", "192.0.2.0/24");
        assertThat(route.run().exitCode()).isZero();
        Files.writeString(work.resolve("file"), "");
        var readOnly = Files.createDirectory(work.resolve("read-only"));
        assertThat(readOnly.toFile().setWritable(false)).isTrue();
    }

    @AfterAll
    static void end() throws Exception {
        chain.close();
        assertThat(work.resolve("read-only").toFile().setWritable(true)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            pcp-servr     | 100.64.0.1        | FOLDER/wrong.conf:7: unknown key 'pcp-servr'; did you mean 'pcp-server'?
            wan-interface | wan9              | there is no network interface wan9; 'ip link' shows those there are
            http-port     | 49200             | TCP 192.168.1.1:49200 is taken by another program; stop it or choose \
            another port
            pcp-server    | 192.0.2.1         | no way to the PCP server 192.0.2.1 (No route to host); check the \
            address and the route to it
            state-dir     | FOLDER/file/state | FOLDER/file/state/identity: cannot be read or written
            state-dir     | FOLDER/read-only  | FOLDER/read-only/identity: cannot be read or written
            """)
    void ofTheGateway(String key, String value, String line) throws Exception {
        var settings = settings(
                "lan-interface", "lan0",
                "wan-interface", "wan0",
                "pcp-server", "100.64.0.1",
                "nat", "none",
                "state-dir", "FOLDER/other-gateway",
                "http-port", "49201");
        settings.put(key, value);

        var result = run("cpe", settings, Chain.program("portreeve"));

        assertThatOneLineSays("portreeve: " + line, result);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            thirdparty | on                | FOLDER/wrong.conf:4: unknown key 'thirdparty'; did you mean 'third-party'?
            port       | 5351              | cannot listen on 100.64.0.1:5351: another program has this UDP port; stop \
            that one or choose another 'port'
            listen     | 192.0.2.77        | cannot listen on 192.0.2.77: it is not an address of this machine; \
            correct 'listen'
            state-dir  | FOLDER/file/state | FOLDER/file/state: cannot be made
            state-dir  | FOLDER/read-only  | FOLDER/read-only/server.db: cannot be opened for writing
            """)
    void ofTheServer(String key, String value, String line) throws Exception {
        var settings = settings("listen", "100.64.0.1", "pool", "203.0.114.9", "state-dir", "FOLDER/other-server");
        settings.put(key, value);

        var result = run("cgn", settings, Chain.program("pcp-server-sim"), "serve");

        assertThatOneLineSays("pcp-server-sim: " + line, result);
    }

    @Test
    @Proves("rel:F-30")
    void secondInstancesLeaveTheFirstAlone() throws Exception {
        chain.home().upnpcSucceeds("-a", "192.168.1.10", "8080", "8080", "TCP");

        var server = chain.lab()
                .inside("cgn", Chain.program("pcp-server-sim"), "serve", "--config", work + "/server.conf")
                .run();
        var gateway = chain.lab()
                .inside("cpe", Chain.program("portreeve"), "--config", work + "/gateway.conf")
                .run();

        assertThatOneLineSays(
                "pcp-server-sim: FOLDER/server-state/server.db: another program has it open; stop that one first",
                server);
        assertThatOneLineSays("portreeve: FOLDER/gateway-state/control.sock: another program answers there", gateway);
        assertThat(chain.cgnTable()).containsExactly("TCP 192.168.1.10:8080 203.0.114.1:8080");
        chain.home().upnpcSucceeds("-d", "8080", "TCP");
        assertThat(chain.cgnTable()).isEmpty();
    }

    /** Or the mapping that it leaves behind keeps the gateway that runs from having one. */
    @Test
    void aGatewayThatCannotStartAsksTheProviderForNothing() throws Exception {
        int before = chain.server().printed();
        var settings = settings(
                "lan-interface", "lan0",
                "wan-interface", "wan0",
                "pcp-server", "100.64.0.1",
                "nat", "none",
                "state-dir", "FOLDER/third-gateway");

        var result = run("cpe", settings, Chain.program("portreeve"));

        assertThat(result.errors()).contains("TCP 192.168.1.1:49200 is taken");
        chain.home().upnpcSucceeds("-a", "192.168.1.10", "8082", "8082", "TCP");
        chain.server().await("TCP 8082", before);
        assertThat(chain.server().lines().stream().skip(before))
                .filteredOn(line -> line.contains("UDP 9, wants"))
                .isEmpty();
        chain.home().upnpcSucceeds("-d", "8082", "TCP");
    }

    @Test
    void aConfigurationThatIsNotThere() throws Exception {
        assertThatOneLineSays(
                "portreeve: FOLDER/none.conf: there is no such file",
                Command.of(Chain.program("portreeve"), "--config", work + "/none.conf")
                        .run());
        assertThatOneLineSays(
                "pcp-server-sim: FOLDER/none.conf: there is no such file",
                Command.of(Chain.program("pcp-server-sim"), "serve", "--config", work + "/none.conf")
                        .run());
    }

    private static Map<String, String> settings(String... pairs) {
        var settings = new LinkedHashMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) {
            settings.put(pairs[i], pairs[i + 1]);
        }
        return settings;
    }

    private static Command.Result run(String namespace, Map<String, String> settings, String... program)
            throws Exception {
        var lines = settings.entrySet().stream()
                .map(entry -> entry.getKey() + " = " + entry.getValue().replace("FOLDER", work.toString()))
                .collect(Collectors.joining("\n"));
        var file = Files.writeString(work.resolve("wrong.conf"), lines);
        var words = Stream.of(BOUND_BY_PERMISSIONS.stream(), Stream.of(program), Stream.of("--config", "" + file))
                .flatMap(part -> part);
        return chain.lab().inside(namespace, words.toArray(String[]::new)).run();
    }

    private static void assertThatOneLineSays(String line, Command.Result result) {
        assertThat(result.errors().lines())
                .singleElement()
                .asString()
                .startsWith(line.replace("FOLDER", work.toString()));
        assertThat(result.exitCode()).isNotZero();
        assertThat(result.output()).isEmpty();
    }
}
