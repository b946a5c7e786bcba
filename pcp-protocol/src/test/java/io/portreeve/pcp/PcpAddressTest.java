package io.portreeve.pcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.portreeve.requirements.Proves;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PcpAddressTest {

    private record Refused(String why, String text) {}

    static Stream<Refused> refused() {
        return Stream.of(
                new Refused("empty", ""),
                new Refused("blank", " "),
                new Refused("a blank before", " 1.2.3.4"),
                new Refused("a blank behind", "1.2.3.4 "),
                new Refused("a line end", "1.2.3.4\n"),
                new Refused("five parts", "1.2.3.4.5"),
                new Refused("three parts, as inet_aton reads them", "192.168.266"),
                new Refused("one number, as inet_aton reads it", "3232235521"),
                new Refused("an empty part", "1..2.3"),
                new Refused("nothing behind the last dot", "1.2.3."),
                new Refused("a part above 255", "1.2.3.256"),
                new Refused("a part of four digits", "1.2.3.1000"),
                new Refused("a leading zero, octal to some", "192.168.010.1"),
                new Refused("two zeros", "1.2.3.00"),
                new Refused("hex", "0x7f.0.0.1"),
                new Refused("a sign", "+1.2.3.4"),
                new Refused("Arabic digits", "\u0661.2.3.4"),
                new Refused("full-width digits", "1.2.3.\uff14"),
                new Refused("a host name", "localhost"),
                new Refused("a port", "1.2.3.4:80"),
                new Refused("a prefix", "::/0"),
                new Refused("brackets", "[::1]"),
                new Refused("a scope id", "fe80::1%eth0"),
                new Refused("a numeric scope id", "fe80::1%1"),
                new Refused("an empty scope id", "fe80::1%"),
                new Refused("a single colon", ":"),
                new Refused("three colons", ":::"),
                new Refused("two gaps", "1::2::3"),
                new Refused("too few groups", "1:2:3:4:5:6:7"),
                new Refused("too many groups", "1:2:3:4:5:6:7:8:9"),
                new Refused("a gap for nothing", "1::2:3:4:5:6:7:8"),
                new Refused("a group of five digits", "00001::"),
                new Refused("a last group of five digits", "::12345"),
                new Refused("a text of many groups", "1:".repeat(60_000)),
                new Refused("no hex digit", "::g"),
                new Refused("an Arabic digit in a group", "::\u0661"),
                new Refused("a blank behind IPv6", "::1 "),
                new Refused("a leading zero in the embedded quad", "::ffff:1.2.3.04"),
                new Refused("three parts in the embedded quad", "::ffff:1.2.3"),
                new Refused("an embedded part above 255", "::ffff:1.2.3.256"),
                new Refused("the quad in the middle", "::1.2.3.4:1"),
                new Refused("a host name with a colon", "localhost:80"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refuses(Refused row) {
        assertThatIllegalArgumentException()
                .as(row.why())
                .isThrownBy(() -> PcpAddress.parse(row.text()))
                .withMessage("'" + row.text() + "' is not an IP address");
    }

    private record Parsed(String text, long high, long low) {}

    static Stream<Parsed> parsed() {
        return Stream.of(
                new Parsed("0.0.0.0", 0, 0xFFFF_0000_0000L),
                new Parsed("255.255.255.255", 0, 0xFFFF_FFFF_FFFFL),
                new Parsed("192.168.1.10", 0, 0xFFFF_C0A8_010AL),
                new Parsed("::ffff:1.2.3.4", 0, 0xFFFF_0102_0304L),
                new Parsed("::ffff:102:304", 0, 0xFFFF_0102_0304L),
                new Parsed("::1.2.3.4", 0, 0x0102_0304L),
                new Parsed("::", 0, 0),
                new Parsed("::1", 0, 1),
                new Parsed("1::", 0x0001_0000_0000_0000L, 0),
                new Parsed("2001:DB8:0:1::10", 0x2001_0db8_0000_0001L, 0x10),
                new Parsed("0001:2:3:4:5:6:7:8", 0x0001_0002_0003_0004L, 0x0005_0006_0007_0008L),
                new Parsed("1:2:3:4:5:6:7.8.9.10", 0x0001_0002_0003_0004L, 0x0005_0006_0708_090AL));
    }

    @ParameterizedTest
    @MethodSource("parsed")
    void parses(Parsed row) {
        assertThat(PcpAddress.parse(row.text())).isEqualTo(new PcpAddress(row.high(), row.low()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.168.1.10", "0.0.0.0", "::", "2001:db8:0:1:0:0:0:10", "fe80:0:0:0:0:0:0:1"})
    void writesWhatItReads(String text) {
        var address = PcpAddress.parse(text);
        assertThat(address).hasToString(text);
        assertThat(PcpAddress.of(address.toInetAddress())).isEqualTo(address);
    }

    @Test
    @Proves("pcp:B-WIRE-04")
    void isIpv4OnlyWithAllNinetySixBits() {
        assertThat(PcpAddress.parse("::ffff:1.2.3.4").isIpv4()).isTrue();
        assertThat(PcpAddress.parse("::ffff:1.2.3.4")).isEqualTo(PcpAddress.parse("1.2.3.4"));
        assertThat(PcpAddress.parse("::ff00:0:1.2.3.4").isIpv4()).isFalse();
        assertThat(PcpAddress.parse("1::ffff:1.2.3.4").isIpv4()).isFalse();
        assertThat(PcpAddress.parse("::1:ffff:1.2.3.4").isIpv4()).isFalse();
        assertThat(PcpAddress.parse("::1.2.3.4").isIpv4()).isFalse();
        assertThat(PcpAddress.parse("::fffe:1.2.3.4").isIpv4()).isFalse();
    }

    @Test
    void becomesTheInetAddressOfItsFamily() {
        assertThat(PcpAddress.parse("1.2.3.4").toInetAddress()).isInstanceOf(Inet4Address.class);
        assertThat(PcpAddress.ANY_IPV4.toInetAddress()).isInstanceOf(Inet4Address.class);
        assertThat(PcpAddress.ANY_IPV6.toInetAddress()).isInstanceOf(Inet6Address.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fe80::1", "febf:ffff::1", "ff02::c", "ff05::c"})
    void isMeantOnOneLink(String text) {
        var onLink = PcpAddress.parse(text).toInetAddress(7);
        assertThat(((Inet6Address) onLink).getScopeId()).isEqualTo(7);
        assertThat(PcpAddress.of(onLink)).isEqualTo(PcpAddress.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.168.1.10", "169.254.0.1", "239.255.255.250", "2001:db8::1", "fd00::1", "fec0::1"})
    void isTheSameOnEveryLink(String text) {
        var address = PcpAddress.parse(text);
        assertThat(address.toInetAddress(7)).hasToString(address.toInetAddress().toString());
        assertThat(address.isIpv6LinkLocal()).isFalse();
    }

    @Test
    void isBracketedInUrlsIfItHasColons() {
        assertThat(PcpAddress.parse("192.168.1.10").toUrlHost()).isEqualTo("192.168.1.10");
        assertThat(PcpAddress.parse("fe80::1").toUrlHost()).isEqualTo("[fe80:0:0:0:0:0:0:1]");
    }

    @Test
    @Proves("pcp:B-WIRE-05")
    void keepsTheUnspecifiedAddressesApart() {
        assertThat(PcpAddress.ANY_IPV4).isNotEqualTo(PcpAddress.ANY_IPV6);
        assertThat(PcpAddress.parse("0.0.0.0")).isEqualTo(PcpAddress.ANY_IPV4);
        assertThat(PcpAddress.parse("::")).isEqualTo(PcpAddress.ANY_IPV6);
        assertThat(PcpAddress.ANY_IPV4.isIpv4()).isTrue();
        assertThat(PcpAddress.ANY_IPV6.isIpv4()).isFalse();
        for (var any : new PcpAddress[] {PcpAddress.ANY_IPV4, PcpAddress.ANY_IPV6}) {
            assertThat(any.isUnspecified()).isTrue();
            assertThat(any.anyOfFamily()).isEqualTo(any);
            assertThat(PcpAddress.of(any.toInetAddress())).isEqualTo(any);
        }
        assertThat(PcpAddress.parse("1.2.3.4").anyOfFamily()).isEqualTo(PcpAddress.ANY_IPV4);
        assertThat(PcpAddress.parse("::1").anyOfFamily()).isEqualTo(PcpAddress.ANY_IPV6);
        assertThat(PcpAddress.parse("::1").isUnspecified()).isFalse();
    }

    private record Prefix(String a, String b, int length, boolean shared) {}

    static Stream<Prefix> prefixes() {
        return Stream.of(
                new Prefix("::", "ffff::", 0, true),
                new Prefix("::", "8000::", 1, false),
                new Prefix("1:2:3:4::", "1:2:3:4:ffff::", 64, true),
                new Prefix("1:2:3:4::", "1:2:3:5::", 64, false),
                new Prefix("1:2:3:4::", "1:2:3:5::", 63, true),
                new Prefix("1:2:3:4::", "1:2:3:4:8000::", 65, false),
                new Prefix("192.168.1.10", "192.168.1.99", 96 + 24, true),
                new Prefix("192.168.1.10", "192.168.2.10", 96 + 24, false),
                new Prefix("10.0.0.1", "172.16.0.1", 96, true),
                new Prefix("10.0.0.1", "10.0.0.1", 128, true),
                new Prefix("10.0.0.1", "10.0.0.0", 128, false),
                new Prefix("10.0.0.1", "10.0.0.0", 127, true),
                new Prefix("1::1.2.3.4", "1.2.3.4", 128, false));
    }

    @ParameterizedTest
    @MethodSource("prefixes")
    void sharesPrefixes(Prefix row) {
        assertThat(PcpAddress.parse(row.a()).sharesPrefix(PcpAddress.parse(row.b()), row.length()))
                .isEqualTo(row.shared());
    }

    @ParameterizedTest
    @CsvSource({
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 0,   ::",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 1,   8000::",
        "2001:db8:1:2ff:3:4:5:6,                  56,  2001:db8:1:200::",
        "2001:db8:1:2ff:3:4:5:6,                  64,  2001:db8:1:2ff::",
        "2001:db8:1:2ff:ffff:4:5:6,               65,  2001:db8:1:2ff:8000::",
        "2001:db8:1:2ff:3:4:5:6,                  128, 2001:db8:1:2ff:3:4:5:6",
        "192.168.1.10,                            120, 192.168.1.0"
    })
    void itsPrefixIsFollowedByZeros(String address, int length, String prefix) {
        assertThat(PcpAddress.parse(address).prefix(length)).isEqualTo(PcpAddress.parse(prefix));
    }
}
