package io.portreeve.igd.upnp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.testing.Seeds;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is understood without a parser, and that the parser understands the same. */
class PlainSoapTest {
    private static final String REQUEST = Soap.request(
            Soap.WAN_IP, "DeletePortMapping", "NewRemoteHost", "", "NewExternalPort", "8080", "NewProtocol", "TCP");
    private static final String LONG = Soap.add("", "8080", "TCP", "80", "192.168.1.10", "1", "web cam", "3600");
    private static final String BARE = "<Envelope xmlns=\"a\"><Body><f></f></Body></Envelope>";

    /** What makes a difference in XML. */
    private static final List<String> PIECES = List.of(
            "<",
            ">",
            "/",
            "</",
            "/>",
            "=",
            "\"",
            "'",
            "&",
            "&amp;",
            "&#65;",
            "]]>",
            "<![CDATA[a]]>",
            "<!-- a -->",
            "<?a b?>",
            "<!DOCTYPE x>",
            ":",
            "s:",
            "u:",
            "x:",
            "xml:",
            "xmlns",
            "xmlns:",
            " xmlns=\"\"",
            " xmlns=\"a\"",
            " xmlns:u=\"b\"",
            " xmlns:s=\"c\"",
            " xmlns:u=\"\"",
            " xmlns:xml=\"a\"",
            " xmlns:xmlns=\"a\"",
            " u:encodingStyle=\"a\"",
            " xmlns:x=\"http://www.w3.org/2000/xmlns/\"",
            " xmlns:x=\"http://www.w3.org/XML/1998/namespace\"",
            " s:encodingStyle=\"a\"",
            " encodingStyle=\"a\"",
            " ",
            "\t",
            "\r",
            "\n",
            "\u0001",
            "\u00e9",
            "\ufeff",
            "\u2028",
            "\ud83d",
            "<a>",
            "</a>",
            "<a/>",
            "<a></a>",
            "<a:b></a:b>",
            "<s:Header></s:Header>",
            "</s:Body>",
            "</s:Envelope>",
            "a",
            "-",
            "1");

    /** A request: each sign that {@link #CHOICES} knows stands for one of those. */
    private static final String SHAPE =
            "!_<%Envelope@_>_<%Body@_>_<$f@_>_<a>^</a_>_<b/><c></c>_</$f_>_</%Body_>_</%Envelope_>_";

    private static final List<String> ATTRIBUTES = List.of(
            "",
            " xmlns:s=\"a\"",
            " xmlns=\"b\" xmlns:s=\"a\"",
            " s:encodingStyle=\"c\"",
            " xmlns:u=\"d\"",
            " s:encodingStyle=\"c\"\n\txmlns:u=\"e\"  xmlns:s=\"a\"",
            " xmlns:u=\"d\" xmlns:u=\"d\"");
    private static final List<String> PREFIXES = List.of("s:", "s:", "u:", "");
    private static final Map<Character, List<String>> CHOICES = Map.of(
            '!', List.of("", "<?xml version=\"1.0\"?>", "<?xml version=\"1.0\" encoding=\"utf-8\"?>", "<?xml?>", " "),
            '_', List.of("", "", "", "", " ", "\r\n\t"),
            '^', List.of("", "8080", " a - b ", "~!\"'"),
            '@', ATTRIBUTES);

    private final SoapReader parser = new SoapReader();

    static Stream<String> plain() {
        return Stream.of(
                REQUEST,
                LONG,
                REQUEST.substring(REQUEST.indexOf("<s:")),
                REQUEST.replace("\"1.0\"", "\"1.0\" encoding=\"UTF-8\""),
                REQUEST.replace("<NewRemoteHost></NewRemoteHost>", "<NewRemoteHost/>"),
                REQUEST.replace("><", ">\r\n\t<").replace("Host>\r\n\t</", "Host></"),
                REQUEST.replaceAll("(</?|xmlns:| )s([:=])", "$1SOAP-ENV$2")
                        .replaceAll("(</?|xmlns:)u([:=])", "$1m_1.x$2"),
                REQUEST.replace("<u:", "<").replace("</u:", "</").replace("xmlns:u=", "xmlns="),
                BARE);
    }

    @ParameterizedTest
    @MethodSource("plain")
    void isUnderstood(String request) {
        assertThat(PlainSoap.read(request)).isPresent().isEqualTo(parser.parse(request));
    }

    @Test
    void isUnderstoodAsTheParserWouldWhateverItIs() {
        var understood = new AtomicInteger();
        Seeds.each(30_000, random -> {
            var request = madeUp(random);
            PlainSoap.read(request).ifPresent(call -> {
                understood.incrementAndGet();
                assertThat(parser.parse(request)).as(request).contains(call);
            });
        });
        assertThat(understood).hasValueGreaterThan(3_000);
    }

    /** One made up after {@link #SHAPE}, and half of them changed somewhere. */
    private static String madeUp(RandomGenerator random) {
        var text = new StringBuilder();
        var shape = SHAPE.replace("%", oneOf(PREFIXES, random)).replace("$", oneOf(PREFIXES, random));
        shape.chars()
                .forEach(sign -> text.append(
                        oneOf(CHOICES.getOrDefault((char) sign, List.of(Character.toString(sign))), random)));
        if (random.nextBoolean()) {
            int from = random.nextInt(text.length());
            int to = Math.min(text.length(), from + random.nextInt(3));
            text.replace(from, to, oneOf(PIECES, random));
        }
        return text.toString();
    }

    private static String oneOf(List<String> choices, RandomGenerator random) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Two prefixes may stand for one namespace, and then the attribute is there twice. */
    @Test
    void leavesTwoEncodingsToTheParser() {
        var two = REQUEST.replace(
                " s:encodingStyle=",
                " xmlns:t=\"http://schemas.xmlsoap.org/soap/envelope/\" t:encodingStyle=\"\" s:encodingStyle=");
        assertThat(two).isNotEqualTo(REQUEST);
        assertThat(PlainSoap.read(two.replace("=\"\"", "=\"x\""))).isEmpty();
    }

    @Test
    void leavesMoreAttributesThanAnybodyWritesToTheParser() {
        assertThat(PlainSoap.read(BARE.replace("<f>", "<f" + attributes(9) + ">")))
                .isEmpty();
        assertThat(PlainSoap.read(BARE.replace("<f>", "<f" + attributes(8) + ">")))
                .isPresent();
    }

    private static String attributes(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> " xmlns:a%d=\"x\"".formatted(i))
                .collect(Collectors.joining());
    }

    @Test
    void leavesMoreArgumentsThanAnActionHasToTheParser() {
        var many = REQUEST.replace("<NewProtocol>TCP</NewProtocol>", "<a></a>".repeat(59));
        assertThat(PlainSoap.read(many)).isEmpty();
        assertThat(PlainSoap.read(many.replaceFirst("<a></a>", "")))
                .isPresent()
                .isEqualTo(parser.parse(many.replaceFirst("<a></a>", "")));
    }
}
