package io.portreeve.igd.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.igd.iwf.GatewayState;
import io.portreeve.igd.ssdp.Lan;
import io.portreeve.igd.ssdp.LanPrefix;
import io.portreeve.igd.ssdp.SsdpSettings;
import io.portreeve.igd.upnp.LinuxWanLink;
import io.portreeve.igd.upnp.ScriptedIgdCalls;
import io.portreeve.igd.upnp.Soap;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.runtime.BootClock;
import io.portreeve.runtime.MonoClock;
import io.portreeve.testing.Failures;
import io.portreeve.testing.Seeds;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** On an address of the loopback net that no other test takes: SSDP's port cannot be chosen. */
class LanServerTest {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    private final String address = "127.%d.%d.1"
            .formatted(
                    1 + ProcessHandle.current().pid() % 254,
                    1 + ProcessHandle.current().pid() / 254 % 254);

    private LanSettings settings(String interfaceName, String lan, int port) {
        var lans = List.of(new Lan(interfaceName, new LanPrefix(PcpAddress.parse(lan), 8)));
        return new LanSettings(lans, port, TOKEN, UUID.randomUUID(), "Test", SsdpSettings.DEFAULT);
    }

    private static Lan lan(String address) {
        return new Lan("lo", new LanPrefix(PcpAddress.parse(address), 8));
    }

    private static LanServer start(LanSettings settings) throws LanServerException {
        var server = LanServer.open(
                settings,
                new ScriptedIgdCalls(),
                new LinuxWanLink("lo"),
                () -> 1,
                new BootClock(),
                Seeds.of(1),
                Failures::unexpected);
        server.start();
        return server;
    }

    /** {@return where the description is of what is searched for} */
    private URI location(String target) throws IOException {
        try (var controlPoint = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            controlPoint.setSoTimeout(10_000);
            var search = "M-SEARCH * HTTP/1.1\r\nMAN: \"ssdp:discover\"\r\nST: " + target + "\r\n\r\n";
            controlPoint.send(new DatagramPacket(
                    search.getBytes(StandardCharsets.US_ASCII), search.length(), new InetSocketAddress(address, 1900)));
            var answer = new DatagramPacket(new byte[2_048], 2_048);
            controlPoint.receive(answer);
            return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> line.startsWith("LOCATION: "))
                    .map(line -> URI.create(line.substring(10)))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String body(HttpRequest.Builder request) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private static String call(URI control, String action, String request) throws Exception {
        return body(HttpRequest.newBuilder(control)
                .header("SOAPACTION", "\"" + Soap.WAN_IP + "#" + action + "\"")
                .POST(HttpRequest.BodyPublishers.ofString(request)));
    }

    @Test
    void endsConnectionsThatTakeLongerThanItsPatience() throws Exception {
        var settings = new LanSettings(
                List.of(lan(address)),
                0,
                TOKEN,
                UUID.randomUUID(),
                "Test",
                Duration.ofMillis(50),
                SsdpSettings.DEFAULT);
        try (var server = start(settings);
                var silent = new Socket(address, server.httpPort(lan(address)))) {
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            assertThat(server.rejects()).containsEntry(RejectReason.TOO_SLOW, 1L);
        }
    }

    @Test
    void isPatientWithAnswersThatTakeLong() {
        var settings = settings("lo", address, 0);
        assertThat(settings.answering(Duration.ofSeconds(4)).patience()).isEqualTo(settings.patience());
        assertThat(settings.answering(Duration.ofSeconds(64)).patience()).isEqualTo(Duration.ofSeconds(70));
    }

    @Test
    void tellsWhereItsDescriptionsAre() throws Exception {
        try (var server = start(settings("lo", address, 0))) {
            var base = "http://" + address + ":" + server.httpPort(lan(address)) + "/" + TOKEN;
            assertThat(server.descriptions()).containsExactly(base + "/igd1/root.xml", base + "/igd2/root.xml");
        }
    }

    @Test
    void leadsFromASearchToTheDescription() throws Exception {
        try (var server = start(settings("lo", address, 0))) {
            var location = location("upnp:rootdevice");
            assertThat(location)
                    .hasToString(
                            "http://" + address + ":" + server.httpPort(lan(address)) + "/" + TOKEN + "/igd1/root.xml");
            assertThat(body(HttpRequest.newBuilder(location))).contains("InternetGatewayDevice:1");
        }
    }

    /** It reads all descriptions, and turns away from a gateway that has DeviceProtection. */
    @Test
    @Proves("igd:Q-15")
    void servesXboxOne() throws Exception {
        try (var _ = start(settings("lo", address, 0))) {
            var root = location("urn:schemas-upnp-org:device:InternetGatewayDevice:1");
            var description = body(HttpRequest.newBuilder(root));
            assertThat(description).contains("InternetGatewayDevice:1").doesNotContain("DeviceProtection");
            for (var service : List.of("Layer3Forwarding:1", "WANCommonInterfaceConfig:1", "WANIPConnection:1")) {
                assertThat(body(HttpRequest.newBuilder(url("SCPDURL", service, description, root))))
                        .as(service)
                        .contains("<scpd", "<actionList>");
            }

            var control = url("controlURL", "WANIPConnection:1", description, root);
            assertThat(call(control, "GetConnectionTypeInfo", Soap.request(Soap.WAN_IP, "GetConnectionTypeInfo")))
                    .isEqualTo(Soap.response(
                            Soap.WAN_IP,
                            "GetConnectionTypeInfo",
                            "<NewConnectionType>IP_Routed</NewConnectionType>"
                                    + "<NewPossibleConnectionTypes>IP_Routed</NewPossibleConnectionTypes>"));
            assertThat(call(control, "GetNATRSIPStatus", Soap.request(Soap.WAN_IP, "GetNATRSIPStatus")))
                    .isEqualTo(Soap.response(
                            Soap.WAN_IP,
                            "GetNATRSIPStatus",
                            "<NewRSIPAvailable>0</NewRSIPAvailable><NewNATEnabled>1</NewNATEnabled>"));
            var add = Soap.add("", "3074", "UDP", "3074", "127.0.0.1", "1", "Xbox", "0");
            assertThat(call(control, "AddPortMapping", add))
                    .isEqualTo(Soap.response(Soap.WAN_IP, "AddPortMapping", ""));
        }
    }

    /** {@return what {@code element} says of {@code service}} */
    private static URI url(String element, String service, String description, URI base) {
        var url = Pattern.compile(":service:%s</serviceType>.*?<%s>([^<]+)".formatted(service, element), Pattern.DOTALL)
                .matcher(description);
        assertThat(url.find()).as(service).isTrue();
        return base.resolve(url.group(1));
    }

    @Test
    void answersAtEachOfManyAddresses() throws Exception {
        var lans = IntStream.rangeClosed(1, 8)
                .mapToObj(last -> lan(address.replaceFirst("1$", Integer.toString(last))))
                .toList();
        try (var server = start(new LanSettings(lans, 0, TOKEN, UUID.randomUUID(), "Test", SsdpSettings.DEFAULT))) {
            for (var lan : lans) {
                var host = lan.host() + ":" + server.httpPort(lan);
                try (var client = new RawClient(lan.host(), "127.0.0.1", server.httpPort(lan))) {
                    var request = "GET /" + TOKEN + "/igd1/root.xml HTTP/1.1\r\nHost: " + host
                            + "\r\nConnection: close\r\n\r\n";
                    assertThat(client.exchange(request)).as(host).startsWith("HTTP/1.1 200 ");
                }
            }
        }
    }

    @Test
    void tellsSubscribersWhatIsPublished() throws Exception {
        try (var server = start(settings("lo", address, 0));
                var receiver = new EventReceiver("127.0.0.1")) {
            server.publish(new GatewayState(true, true, Optional.of(PcpAddress.parse("203.0.114.7")), 0, 0));
            try (var client = new RawClient(address, "127.0.0.1", server.httpPort(lan(address)))) {
                client.send("SUBSCRIBE /" + TOKEN + "/igd1/WANIPConn1/event HTTP/1.1\r\nHost: " + address + ":"
                        + server.httpPort(lan(address)) + "\r\nNT: upnp:event\r\nCALLBACK: <" + receiver.url()
                        + ">\r\n\r\n");
                assertThat(client.until("\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n");
            }
            var event = receiver.next();
            assertThat(event.from()).as("the address that was asked").isEqualTo(address);
            assertThat(event.body()).contains("<ExternalIPAddress>203.0.114.7</ExternalIPAddress>");

            server.publish(new GatewayState(true, false, Optional.empty(), 0, 0));
            assertThat(receiver.next().body())
                    .contains(
                            "<ConnectionStatus>Disconnected</ConnectionStatus>",
                            "<ExternalIPAddress></ExternalIPAddress>");
        }
    }

    @Test
    void tellsWhichThreadsHaveFailed() throws Exception {
        var bug = new IllegalStateException("a broken clock");
        var owners = Set.of("gena", "ssdp");
        var failures = new ConcurrentHashMap<String, Throwable>();
        var told = new CountDownLatch(owners.size());
        MonoClock clock = () -> {
            if (owners.contains(Thread.currentThread().getName())) {
                throw bug;
            }
            return MonoTime.START;
        };
        try (var server = LanServer.open(
                settings("lo", address, 0),
                new ScriptedIgdCalls(),
                new LinuxWanLink("lo"),
                () -> 1,
                clock,
                Seeds.of(1),
                failure -> {
                    failures.put(Thread.currentThread().getName(), failure);
                    told.countDown();
                })) {
            server.start();
            assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(failures).isEqualTo(Map.of("gena", bug, "ssdp", bug));
    }

    @Test
    void countsWhomItTurnsAway() throws Exception {
        try (var server = start(settings("lo", address, 0));
                var page = new RawClient(address, "127.0.0.1", server.httpPort(lan(address)))) {
            assertThat(server.rejects()).containsOnlyKeys(RejectReason.values()).containsValues(0L);
            page.exchange("GET / HTTP/1.1\r\nHost: rebound.example\r\n\r\n");
            assertThat(server.rejects()).containsEntry(RejectReason.HOST, 1L).containsEntry(RejectReason.ORIGIN, 0L);
        }
    }

    @Test
    void saysWhichTcpPortIsTaken() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.ofLiteral(address))) {
            assertThatThrownBy(() -> start(settings("lo", address, other.getLocalPort())))
                    .isInstanceOf(LanServerException.class)
                    .hasMessage(
                            "TCP %s:%d is taken by another program; stop it or choose another port",
                            address, other.getLocalPort());
        }
    }

    @Test
    void saysThatSsdpIsTakenAndGivesTheTcpPortBack() throws Exception {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.ofLiteral(address))) {
            port = free.getLocalPort();
        }
        try (var _ = new DatagramSocket(1900, InetAddress.ofLiteral(address))) {
            assertThatThrownBy(() -> start(settings("lo", address, port)))
                    .isInstanceOf(LanServerException.class)
                    .hasMessage(
                            "UDP %s:1900 is taken by another program; stop the other UPnP gateway on this machine",
                            address);
        }
        start(settings("lo", address, port)).close();
    }

    @Test
    void saysThatTheInterfaceIsNotThere() {
        assertThatThrownBy(() -> start(settings("lan9", address, 0)))
                .isInstanceOf(LanServerException.class)
                .hasMessage("there is no network interface lan9; 'ip link' shows those there are");
    }

    @Test
    void saysThatTheAddressIsNotThere() {
        assertThatThrownBy(() -> start(settings("lo", "203.0.114.77", 49_200)))
                .isInstanceOf(LanServerException.class)
                .hasMessageStartingWith(
                        "TCP 203.0.114.77:49200 cannot be had: the address is not one of this machine's");
    }

    record Bad(String why, int prefix, int port, String token, String name) {}

    static Stream<Bad> badSettings() {
        return Stream.of(
                new Bad("a host alone is no LAN", 31, 80, TOKEN, "Test"),
                new Bad("nor is half the Internet", 7, 80, TOKEN, "Test"),
                new Bad("no such port", 24, 65_536, TOKEN, "Test"),
                new Bad("a token that can be guessed", 24, 80, "secret", "Test"),
                new Bad("a token that is a path", 24, 80, "0123456789/../ab", "Test"),
                new Bad("no name", 24, 80, TOKEN, ""),
                new Bad("a name UPnP has no room for", 24, 80, TOKEN, "x".repeat(64)),
                new Bad("a name of two lines", 24, 80, TOKEN, "a\nb"));
    }

    @ParameterizedTest
    @MethodSource("badSettings")
    void refuses(Bad bad) {
        assertThatThrownBy(() -> new LanSettings(
                        List.of(new Lan("lo", new LanPrefix(PcpAddress.parse("192.168.1.1"), bad.prefix()))),
                        bad.port(),
                        bad.token(),
                        UUID.randomUUID(),
                        bad.name(),
                        SsdpSettings.DEFAULT))
                .as(bad.why())
                .isInstanceOf(IllegalArgumentException.class);
    }
}
