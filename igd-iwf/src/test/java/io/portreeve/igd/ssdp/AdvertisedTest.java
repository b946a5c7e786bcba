package io.portreeve.igd.ssdp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AdvertisedTest {
    private static final String WAN_IP = Gateway.SERVICE + "WANIPConnection:";

    record Row(String why, String advertised, String searched, boolean answered) {}

    static Stream<Row> rows() {
        return Stream.of(
                new Row("all", WAN_IP + 1, "ssdp:all", true),
                new Row("the very type", WAN_IP + 1, WAN_IP + 1, true),
                new Row("a newer version than there is", WAN_IP + 1, WAN_IP + 2, false),
                new Row("an older version", WAN_IP + 2, WAN_IP + 1, true),
                new Row("two digits", WAN_IP + 12, WAN_IP + 11, true),
                new Row("version 0 there never was", WAN_IP + 2, WAN_IP + 0, false),
                new Row("a sign", WAN_IP + 2, WAN_IP + "+1", false),
                new Row("no version", WAN_IP + 2, WAN_IP, false),
                new Row("a version no int holds", WAN_IP + 2, WAN_IP + "99999999999", false),
                new Row("another type", WAN_IP + 1, Gateway.SERVICE + "WANPPPConnection:1", false),
                new Row("another case", WAN_IP + 1, WAN_IP.toLowerCase() + 1, false),
                new Row("the root device", "upnp:rootdevice", "upnp:rootdevice", true),
                new Row("the device itself", Gateway.ROOT, Gateway.ROOT, true),
                new Row("another device", Gateway.ROOT, Gateway.WAN, false),
                new Row("the head of a uuid is no version", "uuid:9", "uuid:1", false));
    }

    @ParameterizedTest
    @MethodSource("rows")
    @Proves("igd:I-SSDP-04")
    void answers(Row row) {
        assertThat(new Advertised(row.advertised(), Gateway.ROOT)
                        .answering(row.searched())
                        .isPresent())
                .as(row.why())
                .isEqualTo(row.answered());
    }
}
