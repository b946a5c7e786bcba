package io.portreeve.igd.gena;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.testing.Seeds;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where events may go: back to who asked for them, and nowhere else. */
class CallbackUrlTest {
    private static final PcpAddress V4 = PcpAddress.parse("192.168.1.33");
    private static final PcpAddress V6 = PcpAddress.parse("fd00::33");

    record Good(String why, PcpAddress requester, String header, String host, String target) {}

    static Stream<Good> good() {
        return Stream.of(
                new Good("as usual", V4, "<http://192.168.1.33:40001/cb>", "192.168.1.33:40001", "/cb"),
                new Good("no port is port 80", V4, "<http://192.168.1.33/cb>", "192.168.1.33:80", "/cb"),
                new Good("port 80", V4, "<http://192.168.1.33:80/>", "192.168.1.33:80", "/"),
                new Good("the lowest port", V4, "<http://192.168.1.33:1024/>", "192.168.1.33:1024", "/"),
                new Good("the highest port", V4, "<http://192.168.1.33:65535/>", "192.168.1.33:65535", "/"),
                new Good("no path", V4, "<http://192.168.1.33:40001>", "192.168.1.33:40001", "/"),
                new Good("a query alone", V4, "<http://192.168.1.33:40001?a=b>", "192.168.1.33:40001", "/?a=b"),
                new Good(
                        "all that a target may hold",
                        V4,
                        "<http://192.168.1.33:40001/a-b/%20;c=$1,@!'()*+&~_[x]?q=/?:Z>",
                        "192.168.1.33:40001",
                        "/a-b/%20;c=$1,@!'()*+&~_[x]?q=/?:Z"),
                new Good("a scheme has no case", V4, "<HTTP://192.168.1.33:40001/>", "192.168.1.33:40001", "/"),
                new Good("blanks around", V4, " <http://192.168.1.33:40001/>\t", "192.168.1.33:40001", "/"),
                new Good(
                        "the longest target",
                        V4,
                        "<http://192.168.1.33:40001/" + "x".repeat(1023) + ">",
                        "192.168.1.33:40001",
                        "/" + "x".repeat(1023)),
                new Good(
                        "the first of two",
                        V4,
                        "<http://192.168.1.33:40001/1><http://192.168.1.33:40002/2>",
                        "192.168.1.33:40001",
                        "/1"),
                new Good(
                        "the first good one",
                        V4,
                        "<http://192.168.1.1:40001/1> <https://192.168.1.33/2> <http://192.168.1.33:40003/3>",
                        "192.168.1.33:40003",
                        "/3"),
                new Good("IPv6", V6, "<http://[fd00::33]:40001/cb>", "[fd00:0:0:0:0:0:0:33]:40001", "/cb"),
                new Good("IPv6, otherwise written", V6, "<http://[FD00:0::0033]/>", "[fd00:0:0:0:0:0:0:33]:80", "/"));
    }

    @ParameterizedTest
    @MethodSource("good")
    @Proves({"igd:I-GENA-07", "igd:J-09"})
    void takes(Good row) {
        assertThat(CallbackUrl.first(row.header(), row.requester()))
                .as(row.why())
                .hasValueSatisfying(url -> {
                    assertThat(url.address()).as(row.why()).isEqualTo(row.requester());
                    assertThat(url.host()).as(row.why()).isEqualTo(row.host());
                    assertThat(url.target()).as(row.why()).isEqualTo(row.target());
                });
    }

    record Bad(String why, String header) {}

    static Stream<Bad> bad() {
        return Stream.of(
                new Bad("another host", "<http://192.168.1.34:40001/>"),
                new Bad("the gateway itself", "<http://192.168.1.1:40001/>"),
                new Bad("this machine", "<http://127.0.0.1:40001/>"),
                new Bad("a cloud's secrets", "<http://169.254.169.254/latest/meta-data>"),
                new Bad("somewhere in the Internet", "<http://203.0.114.9:8080/>"),
                new Bad("all hosts", "<http://192.168.1.255:40001/>"),
                new Bad("a name", "<http://console.lan:40001/>"),
                new Bad("a name that begins so", "<http://192.168.1.33.evil.example:40001/>"),
                new Bad("a user", "<http://192.168.1.33@203.0.114.9:8080/>"),
                new Bad("a user and a password", "<http://a:b@192.168.1.33:40001/>"),
                new Bad("an address in one number", "<http://3232235809:40001/>"),
                new Bad("an address in octal", "<http://0300.0250.01.041:40001/>"),
                new Bad("a leading zero", "<http://192.168.1.033:40001/>"),
                new Bad("three numbers", "<http://192.168.289:40001/>"),
                new Bad("a dot behind", "<http://192.168.1.33.:40001/>"),
                new Bad("IPv4 in brackets", "<http://[192.168.1.33]:40001/>"),
                new Bad("IPv4 as IPv6", "<http://[::ffff:c0a8:121]:40001/>"),
                new Bad("IPv4 as IPv6 in dots", "<http://[::ffff:192.168.1.33]:40001/>"),
                new Bad("a zone", "<http://[fe80::33%25eth0]:40001/>"),
                new Bad("brackets that do not end", "<http://[fd00::33:40001/>"),
                new Bad("no address", "<http://:40001/>"),
                new Bad("a server's port", "<http://192.168.1.33:25/>"),
                new Bad("the last of them", "<http://192.168.1.33:1023/>"),
                new Bad("no such port", "<http://192.168.1.33:65536/>"),
                new Bad("no such port, by far", "<http://192.168.1.33:123456/>"),
                new Bad("port 0", "<http://192.168.1.33:0/>"),
                new Bad("an empty port", "<http://192.168.1.33:/>"),
                new Bad("a sign", "<http://192.168.1.33:+80/>"),
                new Bad("digits of another script", "<http://192.168.1.33:\u0664\u0660\u0660\u0660\u0661/>"),
                new Bad("another scheme", "<https://192.168.1.33:40001/>"),
                new Bad("yet another", "<ftp://192.168.1.33:40001/>"),
                new Bad("no scheme", "<192.168.1.33:40001/>"),
                new Bad("one slash", "<http:/192.168.1.33:40001/>"),
                new Bad("a fragment", "<http://192.168.1.33:40001/#x>"),
                new Bad("a blank", "<http://192.168.1.33:40001/a b>"),
                new Bad("a request of its own", "<http://192.168.1.33:40001/ HTTP/1.1\r\nX: y>"),
                new Bad("a letter that is not ASCII", "<http://192.168.1.33:40001/\u00e9>"),
                new Bad("a backslash", "<http://192.168.1.33:40001\\@evil.example/>"),
                new Bad("too long", "<http://192.168.1.33:40001/" + "x".repeat(1024) + ">"),
                new Bad("no brackets", "http://192.168.1.33:40001/"),
                new Bad("no end", "<http://192.168.1.33:40001/"),
                new Bad("something before", "x<http://192.168.1.33:40001/>"),
                new Bad("something behind", "<http://192.168.1.33:40001/>x"),
                new Bad("a list as other headers have it", "<http://192.168.1.33:40001/>,<http://192.168.1.33:40002/>"),
                new Bad("nothing", ""),
                new Bad("nothing in brackets", "<>"),
                new Bad("much of nothing", "<>".repeat(100_000)));
    }

    @ParameterizedTest
    @MethodSource("bad")
    @Proves({"igd:I-GENA-07", "igd:J-09", "rel:T-15"})
    void refuses(Bad row) {
        assertThat(CallbackUrl.first(row.header(), V4)).as(row.why()).isEmpty();
    }

    /** Whatever is changed in a good header, events go to the requester or nowhere. */
    @Test
    @Proves("rel:T-15")
    void neverLeadsElsewhere() {
        Seeds.each(100_000, random -> {
            var header = new StringBuilder("<http://192.168.1.33:40001/cb>");
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                int at = random.nextInt(header.length());
                header.replace(at, at + random.nextInt(2), Character.toString(random.nextInt(0x20, 0x7F)));
            }
            assertThat(CallbackUrl.first(header.toString(), V4).map(CallbackUrl::address))
                    .isIn(Optional.empty(), Optional.of(V4));
        });
    }
}
