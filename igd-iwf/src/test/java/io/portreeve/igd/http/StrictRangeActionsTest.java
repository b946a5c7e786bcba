package io.portreeve.igd.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.iwf.AccessPolicy;
import io.portreeve.igd.iwf.AccessPolicy.RangeActions;
import io.portreeve.igd.upnp.Soap;
import io.portreeve.requirements.Proves;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The actions on several ports at once as their specification has them, octet by octet. */
class StrictRangeActionsTest extends SampleFixture {
    StrictRangeActionsTest() {
        super(AccessPolicy.USUAL.with(RangeActions.STRICT));
    }

    @Test
    @Proves({"igd:X07", "igd:I-LIST-01", "igd:I-LIST-05"})
    void theListIsEscapedOnceMore() throws Exception {
        from("192.168.1.33");
        twelveSecondsAfterOpening8080();
        replay("X07", Sample.read("X07-strict-response"));
    }

    @Test
    @Proves({"igd:X09", "igd:I-DELR-04"})
    void boundsAreCrossed() throws Exception {
        from("192.168.1.33");
        replay("X09");
    }

    /** @param error 0 for none; there is one entry, of TCP 8080 */
    record Range(String why, int first, int last, String protocol, int error) {}

    static Stream<Range> ranges() {
        return Stream.of(
                new Range("crossed", 9000, 8596, "TCP", 733),
                new Range("crossed by one", 8081, 8080, "TCP", 733),
                new Range("one port", 8080, 8080, "TCP", 0),
                new Range("one port that nobody has", 8081, 8081, "TCP", 730),
                new Range("no such protocol", 1024, 65_535, "ICMP", 601),
                new Range("all that hosts may have", 1024, 65_535, "TCP", 0),
                new Range("begins one below that", 1023, 65_535, "TCP", 606),
                new Range("begins at 0", 0, 65_535, "TCP", 606),
                new Range("one port below that", 1023, 1023, "TCP", 606),
                new Range("ends below that", 1, 80, "TCP", 606));
    }

    @ParameterizedTest
    @MethodSource("ranges")
    @Proves("igd:I-ARG-09")
    void boundsAndProtocolAreChecked(Range range) throws Exception {
        from("192.168.1.33");
        twelveSecondsAfterOpening8080();
        interworking.releasing();
        assertThat(error(range, "GetListOfPortMappings", "NewNumberOfPorts", "0"))
                .as(range.why())
                .isEqualTo(range.error());
        assertThat(error(range, "DeletePortMappingRange")).as(range.why()).isEqualTo(range.error());
    }

    /** {@return what UPnP error the answer has, 0 for none} */
    private int error(Range range, String action, String... more) throws Exception {
        var arguments = Stream.of(
                "NewStartPort",
                "" + range.first(),
                "NewEndPort",
                "" + range.last(),
                "NewProtocol",
                range.protocol(),
                "NewManage",
                "0");
        var body = Soap.request(
                Soap.WAN_IP_2, action, Stream.concat(arguments, Stream.of(more)).toArray(String[]::new));
        var answer = exchange(request(
                "POST " + CONTROL + " HTTP/1.1",
                body,
                "Content-Type: text/xml",
                "SOAPACTION: \"" + Soap.WAN_IP_2 + "#" + action + "\""));
        if (answer.startsWith("HTTP/1.1 200 ")) {
            return 0;
        }
        return Integer.parseInt(answer.replaceFirst("(?s).*<errorCode>([0-9]+)</errorCode>.*", "$1"));
    }
}
