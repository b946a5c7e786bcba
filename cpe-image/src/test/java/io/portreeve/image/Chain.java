package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.server.control.ControlClient;
import io.portreeve.server.control.ControlException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The whole chain in a lab of its own: control points on lan, the gateway on cpe, the PCP server on cgn. */
final class Chain implements AutoCloseable {
    private static final Path HOME = Path.of(System.getProperty("portreeve.home"));

    private static final String DESCRIPTION = " desc: ";

    private final Lab lab = new Lab();
    private final Path work;
    private Running server;
    private Running gateway;
    private String description;
    private final String firstStatus;

    /** @param work an empty folder for configurations and state */
    Chain(Path work) throws Exception {
        this.work = work;
        try {
            Files.writeString(work.resolve("server.conf"), """
                    listen = 100.64.0.1
                    pool = 203.0.114.1-203.0.114.4
                    state-dir = %1$s/server-state
                    control-socket = %1$s/server.sock
                    third-party = on
                    log-exchanges = on
                    """.formatted(work));
            Files.writeString(work.resolve("gateway.conf"), """
                    lan-interface = lan0
                    wan-interface = wan0
                    pcp-server = 100.64.0.1
                    nat = none
                    state-dir = %s/gateway-state
                    """.formatted(work));
            startServer();
            startGateway();
            firstStatus = search();
        } catch (Exception | AssertionError e) {
            close();
            throw e;
        }
    }

    void startServer() throws Exception {
        server = start("cgn", program("pcp-server-sim"), "serve", "--config", work + "/server.conf");
    }

    void startGateway() throws Exception {
        gateway = start("cpe", program("portreeve"), "--config", work + "/gateway.conf");
    }

    private Running start(String namespace, String... words) throws Exception {
        var running = Running.start(lab.inside(namespace, words));
        running.await("ready: ");
        return running;
    }

    static String program(String name) {
        return HOME.resolve("bin").resolve(name).toString();
    }

    Lab lab() {
        return lab;
    }

    Running server() {
        return server;
    }

    Running gateway() {
        return gateway;
    }

    Path serverState() {
        return work.resolve("server-state");
    }

    /** Runs a control point at home. */
    Command.Result onLan(String... words) throws Exception {
        return lab.inside("lan", words).run();
    }

    /** {@return what {@code upnpc -s} prints, which searches for the gateway} */
    String search() throws Exception {
        var status = succeeded(onLan("upnpc", "-s"));
        description = status.lines()
                .filter(line -> line.startsWith(DESCRIPTION))
                .map(line -> line.substring(DESCRIPTION.length()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no gateway in: " + status));
        return status;
    }

    /** {@return what the search printed before the gateway had any port mapping} */
    String firstStatus() {
        return firstStatus;
    }

    /** {@return where the last search found the gateway's description} */
    URI description() {
        return URI.create(description);
    }

    /** Runs {@code upnpc ARGUMENTS} on the gateway that was found. */
    Command.Result upnpc(String... arguments) throws Exception {
        return upnpcOn("lan", arguments);
    }

    /** Runs {@code upnpc ARGUMENTS} as another host of the home does: lan2. */
    Command.Result upnpcOn(String host, String... arguments) throws Exception {
        var words = Stream.concat(Stream.of("upnpc", "-u", description), Stream.of(arguments));
        return lab.inside(host, words.toArray(String[]::new)).run();
    }

    /** Runs {@code upnpc ARGUMENTS} and expects it to succeed. {@return what it prints} */
    String upnpcSucceeds(String... arguments) throws Exception {
        return succeeded(upnpc(arguments));
    }

    /** {@return what a command printed that must have succeeded} */
    String succeeded(Command.Result result) {
        assertThat(result.exitCode())
                .as("%s%n%s%n%s", result, server.lines(), gateway.lines())
                .isZero();
        return result.output();
    }

    /** {@return the entries that {@code upnpc -l} shows} */
    List<String> entries() throws Exception {
        return upnpcSucceeds("-l")
                .lines()
                .filter(line -> line.matches(" *[0-9]+ (TCP|UDP) .*"))
                .map(line -> line.strip().replaceAll(" +", " "))
                .toList();
    }

    /** Closes all ports of 192.168.1.10. */
    void closePorts() throws Exception {
        for (var entry : entries()) {
            var words = entry.split(" |->");
            upnpcSucceeds("-d", words[2], words[1]);
        }
    }

    /** {@return the CGN's table as {@code PROTOCOL INTERNAL EXTERNAL}, without the gateway's own mapping of port 9} */
    List<String> cgnTable() throws ControlException {
        return ControlClient.mappings(work.resolve("server.sock"))
                .lines()
                .filter(line -> line.startsWith("100.64."))
                .map(line -> line.split(" +"))
                .map(cells -> cells[1] + " " + cells[2] + " " + cells[3])
                .filter(line -> !line.contains(" 100.64.0.2:9 "))
                .toList();
    }

    @Override
    public void close() throws IOException {
        try (lab) {
            Stream.of(gateway, server).filter(Objects::nonNull).forEach(Running::close);
        }
    }
}
