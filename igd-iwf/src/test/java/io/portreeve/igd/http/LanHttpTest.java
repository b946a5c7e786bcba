package io.portreeve.igd.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.iwf.IgdAction;
import io.portreeve.igd.ssdp.LanPrefix;
import io.portreeve.igd.upnp.InternetGateway;
import io.portreeve.igd.upnp.LinuxWanLink;
import io.portreeve.igd.upnp.ScriptedIgdCalls;
import io.portreeve.igd.upnp.Soap;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real Jetty on a LAN of four addresses: 127.0.0.0/30. */
class LanHttpTest {
    private static final String PATH = "/0123456789abcdef/igd1";
    private static final String CONTROL = PATH + "/WANIPConn1/action";
    private static final String DESCRIPTION = PATH + "/root.xml";
    private static final String SOAPACTION = "\"" + Soap.WAN_IP + "#AddPortMapping\"";
    private static final String ADD = Soap.add("", "8080", "TCP", "80", "127.0.0.1", "1", "cam", "0");
    private static final String ADDED = Soap.response(Soap.WAN_IP, "AddPortMapping", "");

    private final ScriptedIgdCalls calls = new ScriptedIgdCalls();
    private LanHttp http;
    private int port;

    @BeforeEach
    void start() throws Exception {
        var gateway = new InternetGateway(PATH, UUID.randomUUID(), "Test", calls, new LinuxWanLink("lo"));
        http = LanHttp.open(new LanPrefix(PcpAddress.parse("127.0.0.1"), 30), 0, gateway);
        http.start();
        port = http.port();
    }

    @AfterEach
    void stop() {
        http.close();
    }

    /** {@return a request with {@code Connection: close}} @param headers lines without their ends */
    private String request(String line, String body, String... headers) {
        var request = new StringBuilder(line + "\r\nHost: 127.0.0.1:" + port + "\r\nConnection: close\r\n");
        for (var header : headers) {
            request.append(header).append("\r\n");
        }
        if (!body.isEmpty()) {
            request.append("Content-Length: ").append(Soap.octets(body).length).append("\r\n");
        }
        return request.append("\r\n").append(body).toString();
    }

    private String post(String... headers) {
        return request("POST " + CONTROL + " HTTP/1.1", ADD, headers);
    }

    private String exchange(String request) throws Exception {
        try (var client = new RawClient(port)) {
            return client.exchange(request);
        }
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.substring(9, 12));
    }

    private void assertNothingHappened() {
        assertThat(calls.asked()).as("calls that came through").isEmpty();
    }

    @Test
    @Proves({"igd:I-SOAP-11", "igd:I-ACL-01"})
    void answersACall() throws Exception {
        var answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + CONTROL))
                                .header("SOAPAction", SOAPACTION)
                                .header("Content-Type", "text/xml; charset=\"utf-8\"")
                                .header("X-Forwarded-For", "127.0.0.2")
                                .POST(HttpRequest.BodyPublishers.ofString(ADD))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(ADDED);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/xml; charset=\"utf-8\"");
        assertThat(answer.headers().firstValue("Ext")).contains("");
        assertThat(answer.headers().firstValue("Content-Length")).contains("289");
        assertThat(answer.headers().firstValue("Date")).isPresent();
        assertThat(answer.headers().allValues("Server"))
                .singleElement()
                .asString()
                .matches("[A-Za-z]+/[0-9]+(\\.[0-9]+)? UPnP/1\\.1 Portreeve/0\\.1");
        assertThat(calls.asked())
                .extracting(ScriptedIgdCalls.Asked::requester)
                .containsExactly(PcpAddress.parse("127.0.0.1"));
    }

    @Test
    @Proves("igd:I-SOAP-10")
    void sendsAFaultAs500() throws Exception {
        var answer = exchange(request(
                "POST " + CONTROL + " HTTP/1.1",
                Soap.request(Soap.WAN_IP, "GetGenericPortMappingEntry", "NewPortMappingIndex", "2"),
                "SOAPAction: \"" + Soap.WAN_IP + "#GetGenericPortMappingEntry\""));
        assertThat(status(answer)).isEqualTo(500);
        assertThat(answer).endsWith("\r\n\r\n" + Soap.fault(713, "SpecifiedArrayIndexInvalid"));
    }

    record Form(String why, String request) {}

    @Test
    @Proves("igd:I-SOAP-13")
    void takesEveryFormOfRequest() throws Exception {
        int length = Soap.octets(ADD).length;
        var head = " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nSOAPAction: " + SOAPACTION + "\r\n";
        var chunked = "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + "64\r\n" + ADD.substring(0, 100)
                + "\r\n" + Integer.toHexString(length - 100) + "\r\n" + ADD.substring(100) + "\r\n0\r\n\r\n";
        var forms = new Form[] {
            new Form("in one piece", post("SOAPACTION: " + SOAPACTION)),
            new Form("header names in lower case", post("soapaction: " + SOAPACTION, "content-type: text/xml")),
            new Form("in chunks", "POST " + CONTROL + head + chunked),
            new Form(
                    "HTTP/1.0 without Host",
                    "POST " + CONTROL + " HTTP/1.0\r\nSoapaction: " + SOAPACTION + "\r\nContent-Length: " + length
                            + "\r\n\r\n" + ADD),
            new Form("HTTP/1.0 with Host", post("SOAPACTION: " + SOAPACTION).replace("HTTP/1.1", "HTTP/1.0")),
        };
        for (var form : forms) {
            assertThat(exchange(form.request()))
                    .as(form.why())
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .endsWith(ADDED);
        }
    }

    @Test
    @Proves("igd:I-SOAP-13")
    void asksForTheBodyItExpects() throws Exception {
        try (var client = new RawClient(port)) {
            var whole = post("SOAPACTION: " + SOAPACTION, "Expect: 100-continue");
            int body = whole.indexOf("\r\n\r\n") + 4;
            client.send(whole.substring(0, body));
            assertThat(client.until("\r\n\r\n")).startsWith("HTTP/1.1 100 ");
            assertThat(client.send(whole.substring(body)).rest())
                    .startsWith("HTTP/1.1 200 OK")
                    .endsWith(ADDED);
        }
    }

    @Test
    @Proves("igd:I-SOAP-13")
    void keepsAConnectionOpenIfAsked() throws Exception {
        try (var client = new RawClient(port)) {
            var request = post("SOAPACTION: " + SOAPACTION).replace("Connection: close\r\n", "");
            for (int i = 0; i < 3; i++) {
                assertThat(client.send(request).until("</s:Envelope>\r\n")).startsWith("HTTP/1.1 200 OK");
            }
        }
        assertThat(calls.asked()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1", "HTTP/1.0"})
    @Proves("igd:I-DESC-11")
    void servesDescriptions(String version) throws Exception {
        for (var path : new String[] {DESCRIPTION, PATH + "/WANIPConn1/desc", PATH + "/WANCommonIFC1/desc"}) {
            var answer = exchange(request("GET " + path + " " + version, ""));
            var head = answer.substring(0, answer.indexOf("\r\n\r\n"));
            var body = answer.substring(head.length() + 4);
            assertThat(status(answer)).isEqualTo(200);
            assertThat(head)
                    .contains("\r\nContent-Type: text/xml; charset=\"utf-8\"")
                    .contains("\r\nContent-Length: " + body.length());
            assertThat(body).startsWith("<?xml").endsWith(">");
        }
    }

    record Refused(String why, String method, String path, int status) {}

    static Stream<Refused> refused() {
        return Stream.of(
                new Refused("no token", "GET", "/root.xml", 404),
                new Refused("another gateway's path", "GET", "/rootDesc.xml", 404),
                new Refused("another gateway's path", "POST", "/ctl/IPConn", 404),
                new Refused("another token", "GET", DESCRIPTION.replace("0123", "3210"), 404),
                new Refused("the root", "GET", "/", 404),
                new Refused("a folder", "GET", PATH + "/", 404),
                new Refused("another way to write a path", "GET", PATH + "/x/../root.xml", 404),
                new Refused("a description is read only", "POST", DESCRIPTION, 405),
                new Refused("a description is read only", "DELETE", DESCRIPTION, 405),
                new Refused("a control URL is called only", "GET", CONTROL, 405),
                new Refused("a browser that asks first", "OPTIONS", CONTROL, 405),
                new Refused("a trace", "TRACE", CONTROL, 405),
                new Refused("no events", "SUBSCRIBE", PATH + "/WANIPConn1/event", 503),
                new Refused("no events", "UNSUBSCRIBE", PATH + "/WANIPConn1/event", 503),
                new Refused("an event URL is subscribed to only", "GET", PATH + "/WANIPConn1/event", 405));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refuses(Refused row) throws Exception {
        var answer = exchange(request(row.method() + " " + row.path() + " HTTP/1.1", ""));
        assertThat(status(answer)).as(row.why()).isEqualTo(row.status());
        assertThat(answer.toLowerCase()).doesNotContain("jetty", "access-control");
    }

    /** A page whose name was rebound to our address sends that name; no mapping comes of it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example:PORT",
                "evil.example",
                "127.0.0.1",
                "127.0.0.1:1",
                "127.0.0.1.evil.example:PORT",
                "localhost:PORT",
                "127.1:PORT",
                "2130706433:PORT",
                "127.0.0.2:PORT",
                "[::1]:PORT"
            })
    @Proves("igd:I-DESC-12")
    void refusesTheHost(String host) throws Exception {
        var request = post("SOAPACTION: " + SOAPACTION)
                .replaceFirst("Host: .*\r\n", "Host: " + host.replace("PORT", "" + port) + "\r\n")
                .replace("Connection: close\r\n", "");
        var answer = exchange(request);
        assertThat(status(answer)).isEqualTo(403);
        assertThat(answer).contains("\r\nConnection: close\r\n");
        assertNothingHappened();
    }

    @Test
    @Proves("igd:I-DESC-12")
    void wantsToKnowTheHostInHttp11() throws Exception {
        assertThat(status(exchange("GET " + DESCRIPTION + " HTTP/1.1\r\nConnection: close\r\n\r\n")))
                .isEqualTo(400);
        assertThat(status(exchange("GET " + DESCRIPTION + " HTTP/1.0\r\n\r\n"))).isEqualTo(200);
        assertThat(status(exchange("GET " + DESCRIPTION + " HTTP/1.0\r\nHost: evil.example\r\n\r\n")))
                .isEqualTo(403);
    }

    record Header(String why, int status, String... headers) {}

    static Stream<Header> headers() {
        var action = "SOAPACTION: " + SOAPACTION;
        return Stream.of(
                new Header("a page elsewhere", 403, action, "Content-Type: text/xml", "Origin: http://evil.example"),
                new Header("a page without origin", 403, action, "Content-Type: text/xml", "Origin: null"),
                new Header(
                        "a page on our own address", 403, action, "Content-Type: text/xml", "Origin: http://127.0.0.1"),
                new Header("a request across sites", 403, action, "Sec-Fetch-Site: cross-site"),
                new Header("a request from a sister site", 403, action, "Sec-Fetch-Site: same-site"),
                new Header("what a form can send", 415, action, "Content-Type: text/plain"),
                new Header("what a form can send", 415, action, "Content-Type: application/x-www-form-urlencoded"),
                new Header("what a form can send", 415, action, "Content-Type: multipart/form-data; boundary=x"),
                new Header("another SOAP", 415, action, "Content-Type: application/soap+xml"),
                new Header("another encoding", 415, action, "Content-Type: text/xml; charset=utf-16"),
                new Header("almost XML", 415, action, "Content-Type: text/xmlx"),
                new Header("no SOAPACTION, as a form has none", 400, "Content-Type: text/xml"),
                new Header("an empty one", 400, "SOAPACTION:", "Content-Type: text/xml"),
                new Header("two", 400, action, action, "Content-Type: text/xml"));
    }

    @ParameterizedTest
    @MethodSource("headers")
    @Proves({"rel:T-2", "igd:I-DESC-12", "igd:I-SOAP-16", "igd:I-SOAP-01"})
    void refuses(Header row) throws Exception {
        var answer = exchange(post(row.headers()));
        assertThat(status(answer)).as(row.why()).isEqualTo(row.status());
        assertThat(answer.toLowerCase()).doesNotContain("access-control");
        assertNothingHappened();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: text/xml",
                "Content-Type: text/xml; charset=\"utf-8\"",
                "content-type: TEXT/XML ;charset=UTF-8",
                "Sec-Fetch-Site: none",
                "X-No-Content-Type: at all"
            })
    @Proves("igd:I-SOAP-16")
    void admits(String header) throws Exception {
        assertThat(status(exchange(post("SOAPACTION: " + SOAPACTION, header)))).isEqualTo(200);
    }

    record Attack(String why, int status, String request) {}

    @Test
    @Proves("rel:T-9")
    void readsNoMoreThanItShould() throws Exception {
        var line =
                "POST " + CONTROL + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nSOAPACTION: " + SOAPACTION + "\r\n";
        var chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
        var attacks = List.of(
                new Attack("announced", 413, "Content-Length: 65537\r\n\r\n"),
                new Attack(
                        "2^63 - 1, announced to one who could say no",
                        413,
                        "Content-Length: 9223372036854775807\r\nExpect: 100-continue\r\n\r\n"),
                new Attack("endless", 413, "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(5)),
                new Attack("2^63", 400, "Transfer-Encoding: chunked\r\n\r\n8000000000000000\r\nx"),
                new Attack("a sign", 400, "Content-Length: +5\r\n\r\nabcde"),
                new Attack("two lengths", 400, "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde"),
                new Attack(
                        "a length and chunks", 400, "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                new Attack("a long header", 431, "X: " + "x".repeat(9_000) + "\r\n\r\n"));
        for (var attack : attacks) {
            var answer = exchange(line + attack.request());
            assertThat(status(answer)).as(attack.why()).isEqualTo(attack.status());
            assertThat(answer.toLowerCase())
                    .as(attack.why())
                    .endsWith("\r\n\r\n")
                    .doesNotContain("jetty");
        }
        assertNothingHappened();
    }

    @Test
    @Proves("rel:T-9")
    void readsAsMuchAsItMay() throws Exception {
        var padded = ADD + " ".repeat(65_536 - Soap.octets(ADD).length);
        var request = request("POST " + CONTROL + " HTTP/1.1", padded, "SOAPACTION: " + SOAPACTION);
        assertThat(status(exchange(request))).isEqualTo(200);
        assertThat(status(exchange(request.replace("65536", "65537") + " "))).isEqualTo(413);
    }

    @Test
    @Proves("igd:I-SOAP-14")
    void answersHostileXmlWithAFault() throws Exception {
        var attack = ADD.replace("<s:Env", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><s:Env")
                .replace("cam", "&e;");
        var answer = exchange(request("POST " + CONTROL + " HTTP/1.1", attack, "SOAPACTION: " + SOAPACTION));
        assertThat(status(answer)).isEqualTo(500);
        assertThat(answer).endsWith(Soap.fault(402, "Invalid Args"));
        assertNothingHappened();
    }

    /** The kernel takes packets for the LAN address from everywhere, so this is what a host of the provider meets. */
    @Test
    @Proves("igd:I-SOAP-17")
    void saysNothingToStrangers() throws Exception {
        for (var stranger : new String[] {"127.0.0.4", "127.1.0.1"}) {
            try (var client = new RawClient(stranger, port)) {
                assertThat(client.exchange(request("GET " + DESCRIPTION + " HTTP/1.1", "")))
                        .isEmpty();
            }
        }
        try (var neighbour = new RawClient("127.0.0.2", port)) {
            assertThat(status(neighbour
                            .send(request("GET " + DESCRIPTION + " HTTP/1.1", ""))
                            .rest()))
                    .isEqualTo(200);
        }
    }

    @Test
    void keepsRoomForOthersWhenOneHostTakesAll() throws Exception {
        var greedy = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < LanPeers.MAX_CONNECTIONS; i++) {
                var client = new RawClient(port);
                greedy.add(client);
                client.send(request("GET " + DESCRIPTION + " HTTP/1.1", "").replace("Connection: close\r\n", ""));
                client.until("</root>");
            }
            try (var tooMany = new RawClient(port);
                    var other = new RawClient("127.0.0.2", port)) {
                assertThat(tooMany.exchange(request("GET " + DESCRIPTION + " HTTP/1.1", "")))
                        .isEmpty();
                assertThat(status(other.send(request("GET " + DESCRIPTION + " HTTP/1.1", ""))
                                .rest()))
                        .isEqualTo(200);
            }
        } finally {
            for (var client : greedy) {
                client.close();
            }
        }
    }

    @Test
    void forgetsConnectionsThatAreClosed() throws Exception {
        for (int i = 0; i < 3 * LanPeers.MAX_CONNECTIONS; i++) {
            assertThat(status(exchange(request("GET " + DESCRIPTION + " HTTP/1.1", ""))))
                    .isEqualTo(200);
        }
    }

    @Test
    void tellsCallsApartByTheirConnection() throws Exception {
        try (var neighbour = new RawClient("127.0.0.2", port)) {
            neighbour.send(post("SOAPACTION: " + SOAPACTION)).rest();
        }
        assertThat(calls.asked()).singleElement().satisfies(asked -> {
            assertThat(asked.requester()).isEqualTo(PcpAddress.parse("127.0.0.2"));
            assertThat(asked.action()).isInstanceOf(IgdAction.AddPortMapping.class);
        });
    }
}
