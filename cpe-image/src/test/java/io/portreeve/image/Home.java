package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** One subscriber of the lab: the gateway that runs there, and the control points of its hosts. */
final class Home implements AutoCloseable {
    static final String MEASURED = "metrics-port = 9100";
    private static final String DESCRIPTION = " desc: ";

    private final Lab lab;
    private final String router;
    private final String host;
    private final Path configuration;
    private Running gateway;
    private String description;

    /**
     * @param router the namespace of the gateway
     * @param host that of the host whose control points ask
     * @param configuration where the gateway's settings go, its state beside it
     */
    Home(Lab lab, String router, String host, Path configuration, String settings) throws Exception {
        this.lab = lab;
        this.router = router;
        this.host = host;
        this.configuration = configuration;
        gateway = gateway(lab, router, configuration, settings);
        description = describedByItself();
    }

    /** A search takes upnpc two seconds. */
    private String describedByItself() throws IOException {
        var token = Files.readAllLines(state(configuration).resolve("identity")).get(1);
        return "http://192.168.1.1:49200/" + token + "/igd1/root.xml";
    }

    /** {@return a gateway alone, ready} */
    static Running gateway(Lab lab, String router, Path configuration, String settings) throws Exception {
        Files.writeString(configuration, """
                lan-interface = lan0
                wan-interface = wan0
                state-dir = %s
                lease-events = %s
                audit-log = %s
                host-mappings = 0
                host-rate = 0
                %s
                """.formatted(
                        state(configuration), leaseEvents(configuration), auditLog(configuration), settings.strip()));
        return started(lab, router, configuration);
    }

    private static Running started(Lab lab, String router, Path configuration) throws Exception {
        var gateway =
                Running.start(lab.inside(router, Chain.program("portreeve"), "--config", configuration.toString()));
        gateway.await("ready: ");
        return gateway;
    }

    void startGateway() throws Exception {
        gateway = started(lab, router, configuration);
        description = describedByItself();
    }

    Running gateway() {
        return gateway;
    }

    private static Path state(Path configuration) {
        return beside(configuration, "-state");
    }

    private static Path leaseEvents(Path configuration) {
        return beside(configuration, "-lease-events");
    }

    static Path auditLog(Path configuration) {
        return beside(configuration, "-audit.jsonl");
    }

    /** {@return what {@code portreeve status} prints} */
    String status() throws Exception {
        return succeeded(Command.of(Chain.program("portreeve"), "status", "--config", configuration.toString())
                .run());
    }

    /** {@return what the gateway answers at {@code path} to programs that watch it, if its settings have {@link #MEASURED}} */
    String measured(String path) throws Exception {
        return succeeded(lab.inside(router, "curl", "-sS", "http://127.0.0.1:9100" + path)
                .run());
    }

    /** {@return all that is in the gateway's audit log} */
    String audit() throws IOException {
        return Files.readString(auditLog(configuration));
    }

    private static Path beside(Path configuration, String suffix) {
        return configuration.resolveSibling(
                configuration.getFileName().toString().replace(".conf", suffix));
    }

    /** Runs a control point at home. */
    Command.Result onLan(String... words) throws Exception {
        return lab.inside(host, words).run();
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

    /** {@return where the gateway's description is, found by the last search if there was one} */
    URI description() {
        return URI.create(description);
    }

    /** {@return a control point that is no decent program} */
    RawControlPoint rawControlPoint() {
        return new RawControlPoint(lab.host(host), description().resolve("WANIPConn1/action"));
    }

    /** Runs {@code upnpc ARGUMENTS} on the gateway that was found. */
    Command.Result upnpc(String... arguments) throws Exception {
        return upnpcOn(host, arguments);
    }

    /** Runs {@code upnpc ARGUMENTS} as another host of the home does: lan2. */
    Command.Result upnpcOn(String otherHost, String... arguments) throws Exception {
        var words = Stream.concat(Stream.of("upnpc", "-u", description), Stream.of(arguments));
        return lab.inside(otherHost, words.toArray(String[]::new)).run();
    }

    /** Runs {@code upnpc ARGUMENTS} and expects it to succeed. {@return what it prints} */
    String upnpcSucceeds(String... arguments) throws Exception {
        return succeeded(upnpc(arguments));
    }

    /** Runs the DHCP server's hook on the gateway, as Kea does. */
    void leaseEvent(String hookPoint, String address) throws Exception {
        var hook = lab.inside(
                router,
                "env",
                "PORTREEVE_LEASE_EVENTS=" + leaseEvents(configuration),
                "LEASE4_ADDRESS=" + address,
                Chain.program("portreeve-lease-event"),
                hookPoint);
        succeeded(hook.run());
    }

    /** Opens a port for 192.168.1.10, the same inside and outside. */
    void open(String protocol, int port) throws Exception {
        upnpcSucceeds("-a", "192.168.1.10", "" + port, "" + port, protocol);
    }

    /** {@return what a command printed that must have succeeded} */
    String succeeded(Command.Result result) {
        assertThat(result.exitCode()).as("%s%n%s", result, gateway.lines()).isZero();
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

    @Override
    public void close() {
        gateway.close();
    }
}
