package io.portreeve.igd.ssdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.portreeve.requirements.Proves;
import io.portreeve.testing.Seeds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SearchRequestTest {
    private static final String GOOD = """
            M-SEARCH * HTTP/1.1\r
            HOST: 239.255.255.250:1900\r
            ST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r
            MAN: "ssdp:discover"\r
            MX: 2\r
            \r
            """;
    private static final String IGD = "urn:schemas-upnp-org:device:InternetGatewayDevice:1";

    record Row(String why, String datagram, String target, Integer mx) {}

    static Stream<Row> searches() {
        return Stream.of(
                new Row("as UPnP writes it", GOOD, IGD, 2),
                new Row(
                        "libtorrent: no blanks, one line end too many",
                        "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nST:upnp:rootdevice\r\n"
                                + "MAN:\"ssdp:discover\"\r\nMX:3\r\n\r\n\r\n",
                        "upnp:rootdevice",
                        3),
                new Row("header names in any case", GOOD.replace("ST:", "st:").replace("MAN:", "Man:"), IGD, 2),
                new Row("a target padded with blanks", GOOD.replace(IGD, "  " + IGD + " \t"), IGD, 2),
                new Row("bare line feeds", GOOD.replace("\r", ""), IGD, 2),
                new Row("cut before the empty line", GOOD.stripTrailing(), IGD, 2),
                new Row("no MX, as in a unicast search", GOOD.replace("MX: 2\r\n", ""), IGD, null),
                new Row("MX is no number", GOOD.replace("MX: 2", "MX: two"), IGD, null),
                new Row("MX is negative", GOOD.replace("MX: 2", "MX: -1"), IGD, null),
                new Row("MX in other digits", GOOD.replace("MX: 2", "MX: \u00b2"), IGD, null),
                new Row("MX of nothing", GOOD.replace("MX: 2", "MX: 0"), IGD, 0),
                new Row("MX above five seconds", GOOD.replace("MX: 2", "MX: 120"), IGD, 5),
                new Row("MX beyond 32 bits", GOOD.replace("MX: 2", "MX: 100000000000"), IGD, 5));
    }

    @ParameterizedTest
    @MethodSource("searches")
    @Proves({"igd:I-SSDP-19", "igd:X01", "igd:J-04"})
    void understands(Row row) {
        assertThat(SearchRequest.parse(Gateway.datagram(row.datagram())))
                .as(row.why())
                .contains(new SearchRequest(row.target(), Optional.ofNullable(row.mx()), ""));
    }

    record Odd(String why, String datagram) {}

    static Stream<Odd> others() {
        return Stream.of(
                new Odd("MAN without quotes", GOOD.replace("\"ssdp:discover\"", "ssdp:discover")),
                new Odd("no MAN", GOOD.replace("MAN: \"ssdp:discover\"\r\n", "")),
                new Odd("no ST", GOOD.replace("ST: " + IGD + "\r\n", "")),
                new Odd("HTTP/1.0", GOOD.replace("HTTP/1.1", "HTTP/1.0")),
                new Odd("another request target", GOOD.replace("M-SEARCH *", "M-SEARCH /")),
                new Odd("another method", GOOD.replace("M-SEARCH", "SEARCH")),
                new Odd("nothing", ""),
                new Odd("line ends only", "\r\n\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("others")
    @Proves("igd:I-SSDP-14")
    void isSilentAbout(Odd odd) {
        assertThat(SearchRequest.parse(Gateway.datagram(odd.datagram())))
                .as(odd.why())
                .isEmpty();
    }

    /** There is no code that could follow a LOCATION; the first line already ends the matter. */
    @Test
    @Proves("rel:T-22")
    void ignoresWhatOthersAnnounce() {
        var notify = "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNT: upnp:rootdevice\r\nNTS: ssdp:alive\r\n"
                + "ST: ssdp:all\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nLOCATION: http://192.168.1.99/%d\r\nUSN: uuid:1\r\n\r\n";
        for (int i = 0; i < 10_000; i++) {
            assertThat(SearchRequest.parse(Gateway.datagram(notify.formatted(i))))
                    .isEmpty();
        }
    }

    @Test
    @Proves("rel:T-23")
    void survivesAnyOctets() {
        var good = GOOD.getBytes(StandardCharsets.ISO_8859_1);
        Seeds.each(100_000, random -> {
            var octets = good.clone();
            for (int changes = random.nextInt(1, 8); changes > 0; changes--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            }
            var datagram = ByteBuffer.wrap(octets, 0, random.nextInt(octets.length + 1));
            assertThatCode(() -> SearchRequest.parse(datagram)).doesNotThrowAnyException();
        });
    }
}
