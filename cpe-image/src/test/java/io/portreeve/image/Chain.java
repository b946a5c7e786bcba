package io.portreeve.image;

import io.portreeve.control.ControlException;
import io.portreeve.server.control.ServerControl;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The whole chain in a lab of its own: control points at home, the gateway on cpe, the PCP server on cgn. */
final class Chain implements AutoCloseable {
    private static final Path PROGRAMS = Path.of(System.getProperty("portreeve.home"));
    private static final int PCP_PORT = 5351;
    private static final int ANNOUNCE_OCTETS = 24;

    private final Lab lab = new Lab();
    private final Path work;
    private final String gatewaySettings;
    private Home home;
    private Running cgn;
    private Running server;
    private Home secondHome;

    private Chain(Path work, String serverSettings, String gatewaySettings) throws Exception {
        this.work = work;
        this.gatewaySettings = gatewaySettings;
        try {
            Files.writeString(work.resolve("server.conf"), """
                    state-dir = %1$s/server-state
                    control-socket = %1$s/server.sock
                    log-exchanges = on
                    %2$s
                    """.formatted(work, serverSettings.strip()));
            if (Files.exists(work.resolve("cgn.conf"))) {
                startCgn();
            }
            startServer();
            home = new Home(lab, "cpe", "lan", work.resolve("gateway.conf"), gatewaySettings);
        } catch (Exception | AssertionError e) {
            close();
            throw e;
        }
    }

    /**
     * {@return a chain whose gateway routes and whose CGN is a model: what is said can be tried, no packet}
     *
     * @param work an empty folder for configurations and state
     */
    static Chain routing(Path work) throws Exception {
        return routing(work, "100.64.0.1");
    }

    /** {@return one whose CGN is the end of the home's IPv4-in-IPv6 tunnel (DS-Lite), and is asked by IPv6} */
    static Chain behindTunnelEnd(Path work) throws Exception {
        return routing(work, "2001:db8:64::1");
    }

    /** {@return one whose CGN is that end indeed: the homes' gateways need a tunnel to 2001:db8:64::1 for IPv4 packets} */
    static Chain withTunnels(Path work) throws Exception {
        return new Chain(work, """
                personality = ds-lite
                listen = 2001:db8:64::1
                cgn = ds-lite
                aftr = 2001:db8:64::1
                outside-interface = inet0
                pool = 203.0.114.1
                """, """
                pcp-server = 2001:db8:64::1
                nat = none
                """);
    }

    /** {@return one whose gateway is found by IPv6 too} */
    static Chain findableByIpv6(Path work) throws Exception {
        return routing(work, "100.64.0.1", "lan-ipv6 = on");
    }

    /** {@return one whose gateway says how it is} */
    static Chain measured(Path work) throws Exception {
        return routing(work, "100.64.0.1", Home.MEASURED);
    }

    /** {@return one whose gateway closes the ports of hosts that have been away for ten seconds} */
    static Chain impatient(Path work) throws Exception {
        return routing(work, "100.64.0.1", "host-absence = 10 s");
    }

    private static Chain routing(Path work, String server, String... gatewaySettings) throws Exception {
        return new Chain(work, """
                listen = %s
                pool = 203.0.114.1-203.0.114.4
                third-party = on
                """.formatted(server), """
                pcp-server = %s
                nat = none
                %s
                """.formatted(server, String.join("\n", gatewaySettings)));
    }

    /** {@return a chain in which gateway and CGN translate, and packets go through} */
    static Chain translating(Path work) throws Exception {
        return translating(work, "");
    }

    /** {@return one whose server imitates another; its CGN is a model, and its gateway translates} */
    static Chain imitating(Path work, String personality, String... serverSettings) throws Exception {
        return new Chain(
                work, """
                personality = %s
                listen = 100.64.0.1
                %s
                """.formatted(personality, String.join("\n", serverSettings)), "pcp-server = 100.64.0.1");
    }

    /** {@return one whose CGN is a program of its own} */
    static Chain withRemoteCgn(Path work) throws Exception {
        Files.writeString(work.resolve("cgn.conf"), """
                cgn = nftables
                inside-interface = access0
                outside-interface = inet0
                pool = 203.0.114.1
                """);
        return new Chain(work, """
                listen = 100.64.0.1
                cgn = remote
                """, "pcp-server = 100.64.0.1");
    }

    /** {@return one in which packets go through, and whose gateway is found by IPv6 too} */
    static Chain translatingFindableByIpv6(Path work) throws Exception {
        return translating(work, "", "lan-ipv6 = on");
    }

    /** {@return one whose server, and whose gateway, have more settings} */
    static Chain translating(Path work, String serverSetting, String... gatewaySettings) throws Exception {
        return new Chain(work, """
                listen = 100.64.0.1
                pool = 203.0.114.1
                cgn = nftables
                inside-interface = access0
                outside-interface = inet0
                min-lifetime = 2 s
                """ + serverSetting, "pcp-server = 100.64.0.1\n" + String.join("\n", gatewaySettings));
    }

    void startCgn() throws Exception {
        cgn = Running.start(lab.inside("cgn", program("pcp-server-sim"), "cgn", "--config", work + "/cgn.conf"));
        cgn.await("ready: ");
    }

    Running cgn() {
        return cgn;
    }

    void startServer() throws Exception {
        server =
                Running.start(lab.inside("cgn", program("pcp-server-sim"), "serve", "--config", work + "/server.conf"));
        server.await("ready: ");
    }

    static String program(String name) {
        return PROGRAMS.resolve("bin").resolve(name).toString();
    }

    Lab lab() {
        return lab;
    }

    Running server() {
        return server;
    }

    /** Kills the server when nothing is under way: what it did not hear comes again only after seconds. */
    void killIdleServer() throws Exception {
        agrees();
        server.kill();
    }

    /** What a server that is dead loses with its disk. */
    void deleteServerState() throws IOException {
        delete(work.resolve("server-state"));
    }

    /** What a gateway that is dead loses with its memory. */
    void deleteGatewayState() throws IOException {
        delete(work.resolve("gateway-state"));
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    Home home() {
        return home;
    }

    /** {@return the other subscriber, whose gateway is started when it is first asked for} */
    Home secondHome() throws Exception {
        if (secondHome == null) {
            secondHome = new Home(lab, "cpe2", "home2", work.resolve("gateway2.conf"), gatewaySettings);
        }
        return secondHome;
    }

    /** The other subscriber is as if it had never been there, except to those who remember it. */
    void endSecondHome() throws IOException {
        secondHome.close();
        secondHome = null;
        Files.delete(work.resolve("gateway2.conf"));
    }

    /** {@return the CGN's table as {@code PROTOCOL INTERNAL EXTERNAL}, without the gateway's own mapping of port 9} */
    List<String> cgnTable() throws ControlException {
        return ServerControl.mappings(work.resolve("server.sock"))
                .lines()
                .filter(line -> line.startsWith("100.64."))
                .map(line -> line.split(" +"))
                .map(cells -> cells[1] + " " + cells[2] + " " + cells[3])
                .filter(line -> !line.contains(" 100.64.0.2:9 "))
                .toList();
    }

    /** Puts the gateway behind the firewall that comes with it. */
    void loadFirewall() throws Exception {
        lab.inside(
                        "cpe",
                        "nft",
                        "-f",
                        PROGRAMS.resolve("conf").resolve("portreeve.nft").toString())
                .succeed();
    }

    /** Expects programs, stores and kernels to know of the same mappings. */
    void agrees() throws Exception {
        lab.agrees(work);
    }

    /** {@return what the server says how long it has known its mappings, in seconds} Asked by PCP ANNOUNCE. */
    long epoch() throws Exception {
        try (var socket = lab.host("cpe").udp(0)) {
            var request = ByteBuffer.allocate(ANNOUNCE_OCTETS).put(0, (byte) 2);
            request.putShort(18, (short) 0xffff).put(20, address("100.64.0.2").getAddress());
            socket.send(new DatagramPacket(request.array(), ANNOUNCE_OCTETS, address("100.64.0.1"), PCP_PORT));
            var answer = new DatagramPacket(new byte[100], 100);
            socket.receive(answer);
            return Integer.toUnsignedLong(ByteBuffer.wrap(answer.getData()).getInt(8));
        }
    }

    private static InetAddress address(String text) throws IOException {
        return InetAddress.getByName(text);
    }

    @Override
    public void close() throws IOException {
        try (lab) {
            Stream.of(secondHome, home).filter(Objects::nonNull).forEach(Home::close);
            Stream.of(server, cgn).filter(Objects::nonNull).forEach(Running::close);
        }
    }
}
