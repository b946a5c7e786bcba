package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
import io.portreeve.testing.Await;
import java.io.StringReader;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

/** Programs at home, and somebody on the link to the provider, who mean harm, before the programs as they are shipped. */
class AttackIT extends OwnChain {
    private static final List<String> ADDITIONS = List.of("AddPortMapping", "AddAnyPortMapping");
    private static final Pattern COUNTED = Pattern.compile("packets ([0-9]+)");

    @Override
    Chain chain(Path work) throws Exception {
        return Chain.translatingFindableByIpv6(work);
    }

    /** Not this host's, or nobody's. */
    private static final List<String> OTHER_ADDRESSES = List.of(
            "8.8.8.8", // anybody's on the Internet
            "127.0.0.1",
            "192.168.1.1", // the gateway's
            "100.64.0.2",
            "192.168.1.0",
            "192.168.1.255",
            "255.255.255.255",
            "224.0.0.1",
            "239.255.255.250",
            "192.168.2.10",
            "10.0.0.10",
            "169.254.169.254",
            "192.168.1.11", // a neighbour's
            "0.0.0.0");

    /** What a resolver would make an address of, some of them without asking. */
    private static final List<String> NAMES = List.of(
            "localhost",
            "victim.example",
            "192.168.1.10.nip.example",
            "printer",
            "192.168.1",
            "3232235786",
            "0xc0a8010a",
            "192.168.01.10",
            "192.168.1.10 ",
            "::1",
            "::ffff:192.168.1.10",
            "2001:db8:1:1::10",
            "fe80::1%eth0");

    /** All stores and kernels are compared with what the two programs say, as after each test. */
    @Test
    @Proves("rel:T-5")
    void nobodyIsLedToOthersAndNoNameIsLookedUp(@TempDir Path folder) throws Exception {
        var host = chain.home().rawControlPoint();
        var file = folder.resolve("dns.pcap");
        var command = chain.lab().inside("cpe", "dumpcap", "-P", "-i", "any", "-f", "port 53", "-w", "" + file);
        try (var dumpcap = Running.start(command)) {
            dumpcap.await("File: ");
            for (var address : OTHER_ADDRESSES) {
                assertThat(additions(host, "", address)).as(address).containsExactly(718, 606, 606);
            }
            for (var name : NAMES) {
                assertThat(additions(host, "", name)).as(name).containsOnly(600);
                assertThat(additions(host, name, "192.168.1.10")).as(name).containsOnly(600);
            }
            assertThat(asked(file)).isEmpty();
        }
        assertThat(chain.home().entries()).isEmpty();
        assertThat(chain.cgnTable()).isEmpty();
    }

    /** {@return what it gets by the first face, and by both actions of the second} */
    private static List<Integer> additions(RawControlPoint host, String remoteHost, String client) throws Exception {
        var errors = new ArrayList<Integer>();
        errors.add(RawControlPoint.error(host.add(1, "AddPortMapping", remoteHost, 8080, client, "")));
        for (var action : ADDITIONS) {
            errors.add(RawControlPoint.error(host.add(2, action, remoteHost, 8080, client, "")));
        }
        return errors;
    }

    /** {@return the questions to name servers} The last one is ours: what is captured is written a little later. */
    private List<String> asked(Path file) throws Exception {
        var mark = "the question that ends this test";
        try (var socket = chain.lab().host("cpe").udp(0)) {
            var octets = mark.getBytes(StandardCharsets.US_ASCII);
            socket.send(new DatagramPacket(octets, octets.length, InetAddress.getByName("100.64.0.1"), 53));
        }
        Await.until(
                "the mark is in the capture",
                () -> Files.readString(file, StandardCharsets.ISO_8859_1).contains(mark));
        var others = "not frame contains \"" + mark + "\"";
        return Command.of("tshark", "-n", "-r", "" + file, "-Y", others)
                .succeed()
                .lines()
                .toList();
    }

    /** Harmless as XML. */
    private static final List<String> DESCRIPTIONS = List.of(
            "door\r\n2026-01-01 00:00:00.000 INFO opened TCP 22 -> 192.168.1.10:22\r",
            "\u202egnp.exe\u2066 \u200f",
            "${jndi:ldap://127.0.0.1:1389/a}${env:HOME} {} %n %s",
            "'); DROP TABLE port_mapping; --",
            "]]></p:NewDescription><x>&amp;</x><!-- <![CDATA[",
            "\u007f\u0085\u009b31m\u2028\ufeff",
            "x" + "\u00e9".repeat(200),
            "x".repeat(60_000));

    /** Not even XML can have them, written as they are or by their number. */
    private static final List<String> NO_XML =
            List.of("a\u001b[31m", "a&#27;[31m", "a&#0;", "a\u0000", "&#xfffe;", "]]>");

    /** {@return what the gateway keeps of it: 256 octets of UTF-8, and no half character} */
    private static String kept(String description) {
        int end = Math.min(description.length(), 256);
        while (description.substring(0, end).getBytes(StandardCharsets.UTF_8).length > 256) {
            end--;
        }
        return description.substring(0, end);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\r", "&#13;");
    }

    @Test
    @Proves("rel:T-12")
    void aDescriptionIsTextWhateverIsInIt() throws Exception {
        var host = chain.home().rawControlPoint();
        int before = chain.home().gateway().printed();
        int audited = chain.home().audit().length();
        for (int i = 0; i < DESCRIPTIONS.size(); i++) {
            var answer = host.add(1, "AddPortMapping", "", 8000 + i, "192.168.1.10", escaped(DESCRIPTIONS.get(i)));
            assertThat(RawControlPoint.error(answer)).as(DESCRIPTIONS.get(i)).isZero();
        }
        for (var wrong : NO_XML) {
            assertThat(RawControlPoint.error(host.add(2, "AddPortMapping", "", 9000, "192.168.1.10", wrong)))
                    .isEqualTo(402);
        }
        assertThat(RawControlPoint.error(host.add(2, "AddPortMapping", "", 9000, "192.168.1.10", "x".repeat(65_536))))
                .as("too much for a request")
                .isEqualTo(413);
        assertListed(host);

        chain.home().gateway().await("opened TCP " + (8000 + DESCRIPTIONS.size() - 1), before);
        var lines = chain.home().gateway().lines();
        assertThat(lines.subList(before, lines.size()))
                .allSatisfy(line -> assertThat(line).matches("[0-9-]+ [0-9:.]+ [A-Z]+ [ -~]*"))
                .filteredOn(line -> line.contains("opened"))
                .hasSize(DESCRIPTIONS.size());
        var audit = chain.home().audit().substring(audited);
        assertThat(audit).matches("[ -~\n]*").endsWith("\n");
        assertThat(audit.lines())
                .hasSize(DESCRIPTIONS.size())
                .allMatch(line -> line.matches("\\{\"at\":\"[^\"]+\",\"what\":\"opened\",[^{}]*}"));

        chain.home().gateway().kill();
        chain.home().startGateway();
        host = chain.home().rawControlPoint();
        assertListed(host);
        assertThat(RawControlPoint.error(host.call(2, "DeletePortMappingRange", ALL)))
                .as("not by upnpc, whose lines break where the descriptions say so")
                .isZero();
    }

    private static final String[] ALL = {
        "NewStartPort", "8000", "NewEndPort", "8999", "NewProtocol", "TCP", "NewManage", "0"
    };

    private static void assertListed(RawControlPoint host) throws Exception {
        var wanted = DESCRIPTIONS.stream().map(AttackIT::kept).toList();
        var all = Stream.concat(Stream.of(ALL), Stream.of("NewNumberOfPorts", "0"));
        var answer = host.call(2, "GetListOfPortMappings", all.toArray(String[]::new));
        var listing = texts(parsed(body(answer)), "NewPortListing").getFirst();
        assertThat(texts(parsed(listing), "p:NewDescription")).isEqualTo(wanted);
        for (int i = 0; i < wanted.size(); i++) {
            var entry = host.call(1, "GetGenericPortMappingEntry", "NewPortMappingIndex", "" + i);
            assertThat(texts(parsed(body(entry)), "NewPortMappingDescription")).containsExactly(wanted.get(i));
        }
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    private static Document parsed(String xml) throws Exception {
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(xml)));
    }

    private static List<String> texts(Document document, String element) {
        var nodes = document.getElementsByTagName(element);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .map(Node::getTextContent)
                .toList();
    }

    @Test
    @Proves("rel:T-24")
    void theLinkToTheProviderHearsNothing() throws Exception {
        try (var neighbour = new WanNeighbour(chain.lab())) {
            neighbour.send();
            assertThat(neighbour.answers()).containsOnly("");
            homeIsServed();
            assertThat(neighbour.heard()).isEmpty();

            chain.loadFirewall();
            chain.loadFirewall(); // it replaces what stood there
            neighbour.send();
            var connecting = neighbour.connecting();
            Await.until("all datagrams are dropped", () -> counted("dropped_datagrams") >= neighbour.arriving());
            Await.until("all connections", () -> counted("dropped_connections") >= connecting.size());
            for (var connection : connecting) {
                assertThat(connection.finishConnect()).isFalse();
                connection.close();
            }
            homeIsServed();
            assertThat(neighbour.heard()).isEmpty();
        }
    }

    private int counted(String counter) throws Exception {
        var words = Stream.of("nft", "list", "counter", "inet", "portreeve_lan_only", counter);
        var counted = COUNTED.matcher(
                chain.lab().inside("cpe", words.toArray(String[]::new)).succeed());
        assertThat(counted.find()).isTrue();
        return Integer.parseInt(counted.group(1));
    }

    /** It is found, by both protocols, and opens a port at the provider. */
    private void homeIsServed() throws Exception {
        for (var address : List.of("192.168.1.1", "2001:db8:1:1::1")) {
            assertThat(found(address)).contains("LOCATION: http://");
        }
        chain.home().open("TCP", 8080);
        chain.home().closePorts();
    }

    private String found(String address) throws Exception {
        try (var socket = lan().udp(0)) {
            var search = WanNeighbour.SEARCH;
            socket.send(new DatagramPacket(search, search.length, InetAddress.getByName(address), 1900));
            var answer = new DatagramPacket(new byte[2048], 2048);
            socket.receive(answer);
            return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
        }
    }
}
