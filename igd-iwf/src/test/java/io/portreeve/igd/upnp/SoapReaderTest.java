package io.portreeve.igd.upnp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
import io.portreeve.testing.Seeds;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SoapReaderTest {
    private static final String DTD_SUPPORT = "jdk.xml.dtd.support";
    private static final SoapCall DELETE = new SoapCall(
            Soap.WAN_IP,
            "DeletePortMapping",
            List.of(
                    new SoapCall.Argument("NewRemoteHost", ""),
                    new SoapCall.Argument("NewExternalPort", "8080"),
                    new SoapCall.Argument("NewProtocol", "TCP")));
    private static final String REQUEST = Soap.request(
            Soap.WAN_IP, "DeletePortMapping", "NewRemoteHost", "", "NewExternalPort", "8080", "NewProtocol", "TCP");

    private final SoapReader reader = new SoapReader();

    record Row(String why, String body) {}

    static Stream<Row> readable() {
        return Stream.of(
                new Row("as miniupnpc writes it", REQUEST),
                new Row(
                        "other prefixes",
                        REQUEST.replace("<s:", "<SOAP-ENV:")
                                .replace("</s:", "</SOAP-ENV:")
                                .replace("xmlns:s=", "xmlns:SOAP-ENV=")
                                .replace(" s:enc", " SOAP-ENV:enc")
                                .replace("<u:", "<m:")
                                .replace("</u:", "</m:")
                                .replace("xmlns:u=", "xmlns:m=")),
                new Row("no XML declaration", REQUEST.substring(REQUEST.indexOf("<s:"))),
                new Row("no encodingStyle", REQUEST.replaceFirst(" s:encodingStyle=\"[^\"]*\"", "")),
                new Row(
                        "the action's namespace as default",
                        REQUEST.replace("<u:", "<").replace("</u:", "</").replace("xmlns:u=", "xmlns=")),
                new Row(
                        "an empty element in short",
                        REQUEST.replace("<NewRemoteHost></NewRemoteHost>", "<NewRemoteHost/>")),
                new Row("a SOAP header", REQUEST.replace("<s:Body>", "<s:Header><a><b>c</b></a></s:Header><s:Body>")),
                new Row(
                        "blanks between elements",
                        REQUEST.replace("><", ">\n  <").replace("Host>\n  </", "Host></")),
                new Row("comments", REQUEST.replace("<s:Body>", "<!-- a --><s:Body><!-- b -->")),
                new Row("CDATA", REQUEST.replace(">8080<", "><![CDATA[80]]>80<")),
                new Row("a byte order mark", "\uFEFF" + REQUEST),
                new Row("UTF-8 declared", REQUEST.replace("version=\"1.0\"", "version=\"1.0\" encoding=\"utf-8\"")));
    }

    @ParameterizedTest
    @MethodSource("readable")
    void reads(Row row) {
        assertThat(reader.read(Soap.octets(row.body())))
                .as(row.why() + "\n" + row.body())
                .contains(DELETE);
    }

    static Stream<Row> unreadable() {
        return Stream.of(
                new Row("nothing", ""),
                new Row("no XML", "NewExternalPort=80"),
                new Row("cut", REQUEST.substring(0, REQUEST.length() / 2)),
                new Row("text behind the end", REQUEST + "x"),
                new Row("no Envelope", REQUEST.replace("Envelope", "Letter")),
                new Row("no Body", REQUEST.replace("s:Body", "s:Corpus")),
                new Row("an empty Body", REQUEST.replaceFirst("<u:.*</u:DeletePortMapping>", "")),
                new Row("two calls", REQUEST.replaceFirst("(<u:.*</u:DeletePortMapping>)", "$1$1")),
                new Row("an argument that holds elements", REQUEST.replace("8080", "<a>80</a>")),
                new Row("text between arguments", REQUEST.replace("<NewProtocol>", "80<NewProtocol>")),
                new Row("a prefix that nothing explains", REQUEST.replace("xmlns:u=", "xmlns:v=")),
                new Row("an ampersand not escaped", REQUEST.replace("8080", "a&b")),
                new Row("an entity nobody knows", REQUEST.replace("8080", "&nbsp;")),
                new Row(
                        "another encoding declared",
                        REQUEST.replace("version=\"1.0\"", "version=\"1.0\" encoding=\"utf-7\"")),
                new Row(
                        "XML 1.1 allows control characters",
                        REQUEST.replace("version=\"1.0\"", "version=\"1.1\"").replace("8080", "&#1;")),
                new Row("a control character", REQUEST.replace("8080", "80\u000180")),
                new Row("a DOCTYPE that does nothing", REQUEST.replace("<s:Env", "<!DOCTYPE x><s:Env")));
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void refuses(Row row) {
        assertThat(reader.read(Soap.octets(row.body()))).as(row.why()).isEmpty();
    }

    @Test
    @Proves({"igd:I-SOAP-14", "rel:T-7"})
    void refusesOtherEncodings() {
        for (var charset : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.UTF_32)) {
            assertThat(reader.read(REQUEST.getBytes(charset)))
                    .as(charset.name())
                    .isEmpty();
        }
        var latin = REQUEST.replace("8080", "\u00e9").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(reader.read(latin)).as("octets that are no UTF-8").isEmpty();
    }

    /** The system property that ships with the product also stops DTDs; here the reader has to do it alone. */
    @Test
    @Proves({"igd:I-SOAP-14", "rel:T-7"})
    void opensNeitherFilesNorConnections(@TempDir Path folder) throws Exception {
        var secret = Files.writeString(folder.resolve("secret"), "secret");
        var shipped = System.clearProperty(DTD_SUPPORT);
        try (var trap = new Trap()) {
            var alone = new SoapReader();
            for (var attack : attacks(secret.toUri().toString(), trap.url())) {
                assertThat(alone.read(Soap.octets(attack.body())))
                        .as(attack.why())
                        .isEmpty();
            }
            assertThat(xInclude(alone, secret)).as("XInclude").isEqualTo(Optional.empty());
            assertThat(trap.connections()).isZero();
        } finally {
            if (shipped != null) {
                System.setProperty(DTD_SUPPORT, shipped);
            }
        }
    }

    /** Counts who falls into it. */
    private static final class Trap implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final AtomicInteger connections = new AtomicInteger();

        Trap() throws IOException {
            Thread.ofVirtual().start(this::accept);
        }

        private void accept() {
            try {
                while (!socket.isClosed()) {
                    var fallen = socket.accept();
                    connections.incrementAndGet();
                    fallen.close();
                }
            } catch (IOException e) {
                // closed: the test is over
            }
        }

        String url() {
            return "http://127.0.0.1:" + socket.getLocalPort() + "/";
        }

        int connections() {
            return connections.get();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static List<Row> attacks(String file, String url) {
        return List.of(
                withDtd("a file as entity", "<!DOCTYPE x [<!ENTITY e SYSTEM \"" + file + "\">]>"),
                withDtd("a URL as entity", "<!DOCTYPE x [<!ENTITY e SYSTEM \"" + url + "\">]>"),
                withDtd("a DTD elsewhere", "<!DOCTYPE x SYSTEM \"" + url + "\" [<!ENTITY e \"a\">]>"),
                withDtd(
                        "a parameter entity",
                        "<!DOCTYPE x [<!ENTITY % p SYSTEM \"" + url + "\"> %p; <!ENTITY e \"a\">]>"),
                withDtd("an entity of its own", "<!DOCTYPE x [<!ENTITY e \"8080\">]>"),
                withDtd(
                        "a billion laughs",
                        "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY e \"&b;&b;&b;&b;&b;&b;\">]>"));
    }

    private static Row withDtd(String why, String dtd) {
        return new Row(why, REQUEST.replace("<s:Env", dtd + "<s:Env").replace("8080", "&e;"));
    }

    /** An element like any other, and so one that no argument may hold. */
    private static Optional<SoapCall> xInclude(SoapReader reader, Path secret) {
        var include = "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" parse=\"text\" href=\"" + secret.toUri()
                + "\"/>";
        return reader.read(Soap.octets(REQUEST.replace("8080", include)));
    }

    @Test
    @Proves("rel:T-8")
    void boundsWhatItReads() {
        var manyArguments = "<NewProtocol>TCP</NewProtocol>".repeat(2_000);
        var manyAttributes = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            manyAttributes.append(" a").append(i).append("=\"\"");
        }
        var attacks = List.of(
                new Row("nested elements", REQUEST.replace("8080", "<a>".repeat(9_000) + "</a>".repeat(9_000))),
                new Row(
                        "nested elements in the header",
                        REQUEST.replace(
                                "<s:Body>",
                                "<s:Header>" + "<a>".repeat(9_000) + "</a>".repeat(9_000) + "</s:Header><s:Body>")),
                new Row("nested elements around the call", "<a>".repeat(9_000) + REQUEST),
                new Row("attributes", REQUEST.replace("<NewProtocol>", "<NewProtocol" + manyAttributes + ">")),
                new Row("arguments", REQUEST.replace("<NewProtocol>TCP</NewProtocol>", manyArguments)));
        for (var attack : attacks) {
            assertThat(reader.read(Soap.octets(attack.body()))).as(attack.why()).isEmpty();
        }
    }

    @Test
    void survivesAnyOctets() {
        var good = Soap.octets(REQUEST);
        Seeds.each(5_000, random -> {
            var octets = good.clone();
            for (int changes = random.nextInt(1, 5); changes > 0; changes--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            }
            assertThat(reader.read(octets)).isNotNull();
        });
    }
}
