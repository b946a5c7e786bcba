package io.portreeve.igd.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.upnp.ScriptedIgdCalls;
import io.portreeve.igd.upnp.Soap;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests are served, in which forms, and which are refused. */
class LanHttpTest extends LanHttpFixture {
    @Test
    @Proves({"igd:I-SOAP-11", "igd:I-ACL-01", "igd:J-13"})
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
    @Proves("igd:I-DESC-08")
    void servesAPageForPeople() throws Exception {
        var answer = exchange(request("GET " + BASE + "/gateway.html HTTP/1.1", ""));
        assertThat(status(answer)).isEqualTo(200);
        assertThat(answer)
                .containsIgnoringCase("\r\nContent-Type: text/html; charset=\"utf-8\"\r\n")
                .contains("<h1>Test</h1>");
        assertThat(status(exchange(request("POST " + BASE + "/gateway.html HTTP/1.1", ""))))
                .isEqualTo(405);
    }

    @Test
    @Proves({"igd:I-DESC-11", "igd:J-16"})
    void servesTheDescriptionsOfBothFaces() throws Exception {
        for (var face : new String[] {"igd1", "igd2"}) {
            for (var path : new String[] {"root.xml", "WANIPConn1/desc", "WANCommonIFC1/desc", "L3Forwarding1/desc"}) {
                var answer = exchange(request("GET " + BASE + "/" + face + "/" + path + " HTTP/1.1", ""));
                assertThat(status(answer)).as(face + path).isEqualTo(200);
                assertThat(answer).containsIgnoringCase("\r\nContent-Type: text/xml; charset=\"utf-8\"\r\n");
            }
        }
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
    @Proves({"igd:I-SOAP-13", "igd:Q-18", "igd:Q-09", "igd:J-05"})
    void takesEveryFormOfRequest() throws Exception {
        int length = Soap.octets(ADD).length;
        var head = " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nSOAPAction: " + SOAPACTION + "\r\n";
        var chunked = "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + "64\r\n" + ADD.substring(0, 100)
                + "\r\n" + Integer.toHexString(length - 100) + "\r\n" + ADD.substring(100) + "\r\n0\r\n\r\n";
        var forms = new Form[] {
            new Form("in one piece", post("SOAPACTION: " + SOAPACTION)),
            new Form("header names in lower case", post("soapaction: " + SOAPACTION, "content-type: text/xml")),
            new Form("no quotes", post("SOAPACTION: " + SOAPACTION.replace("\"", ""))),
            new Form("single quotes", post("SOAPACTION: " + SOAPACTION.replace('"', '\''))),
            new Form("as Go writes header names", post("Soapaction: " + SOAPACTION)),
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

    /** It does not escape what a person typed; the lease is 0 unless somebody says otherwise. */
    @Test
    @Proves("igd:Q-03")
    void understandsMiniupnpc() throws Exception {
        var request = "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUser-Agent: Linux UPnP/1.1 MiniUPnPc/2.3.0\r\n"
                        .formatted(CONTROL, port)
                + "Content-Length: %d\r\nContent-Type: text/xml; charset=\"utf-8\"\r\nSOAPAction: " + SOAPACTION
                + "\r\nConnection: close\r\n\r\n%s";
        var unescaped = ADD.replace("cam", "cam <1> & door");

        assertThat(exchange(request.formatted(Soap.octets(unescaped).length, unescaped)))
                .startsWith("HTTP/1.1 500 ")
                .endsWith(Soap.fault(402, "Invalid Args"));
        assertNothingHappened();
        assertThat(exchange(request.formatted(Soap.octets(ADD).length, ADD)))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("\r\nConnection: close\r\n")
                .endsWith(ADDED);
    }

    @Test
    @Proves({"igd:I-SOAP-13", "igd:Q-18"})
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
                new Refused("an event URL is subscribed to only", "GET", EVENTS, 405),
                new Refused("events are sent by us only", "NOTIFY", EVENTS, 405),
                new Refused("nothing else is subscribed to", "SUBSCRIBE", DESCRIPTION, 405));
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
                "[::1]:PORT",
                "[::ffff:127.0.0.1]:PORT",
                "127.0.0.01:PORT"
            })
    @Proves({"igd:I-DESC-12", "rel:T-1"})
    void refusesTheHost(String host) throws Exception {
        var request = post("SOAPACTION: " + SOAPACTION)
                .replaceFirst("Host: .*\r\n", "Host: " + host.replace("PORT", "" + port) + "\r\n")
                .replace("Connection: close\r\n", "");
        var answer = exchange(request);
        assertThat(status(answer)).isEqualTo(403);
        assertThat(answer).contains("\r\nConnection: close\r\n");
        assertThat(rejects.of(RejectReason.HOST)).isOne();
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
                new Header("a link on a page elsewhere", 403, action, "Referer: http://evil.example/"),
                new Header("the same with a port", 403, action, "Referer: http://127.0.0.1:1/"),
                new Header("a name that begins alike", 403, action, "Referer: http://127.0.0.1:PORT.evil.example/"),
                new Header("a page over TLS", 403, action, "Referer: https://127.0.0.1:PORT/"),
                new Header("a page without name", 403, action, "Referer: about:blank"),
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
    @Proves({"rel:T-2", "igd:I-DESC-12", "igd:I-SOAP-16", "igd:I-SOAP-01", "igd:J-15"})
    void refuses(Header row) throws Exception {
        var answer = exchange(post(row.headers()).replace("PORT", "" + port));
        assertThat(status(answer)).as(row.why()).isEqualTo(row.status());
        assertThat(answer.toLowerCase()).doesNotContain("access-control");
        long counted =
                rejects.all().values().stream().mapToLong(Long::longValue).sum();
        assertThat(counted).as(row.why()).isEqualTo(row.status() == 403 ? 1 : 0);
        assertNothingHappened();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: text/xml",
                "Content-Type: text/xml; charset=\"utf-8\"",
                "content-type: TEXT/XML ;charset=UTF-8",
                "Sec-Fetch-Site: none",
                "Referer: http://127.0.0.1:PORT/status",
                "X-No-Content-Type: at all"
            })
    @Proves("igd:I-SOAP-16")
    void admits(String header) throws Exception {
        var request = post("SOAPACTION: " + SOAPACTION, header.replace("PORT", "" + port));
        assertThat(status(exchange(request))).isEqualTo(200);
        assertThat(rejects.all())
                .hasSize(RejectReason.values().length)
                .allSatisfy((_, count) -> assertThat(count).isZero());
    }
}
