package io.portreeve.igd.ssdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.requirements.Proves;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A gateway with a description of either version: who is led to which. */
class AdvertisedFacesTest {
    private static final String IGD = Gateway.DEVICE + "InternetGatewayDevice:";
    private static final String WAN_IP = Gateway.SERVICE + "WANIPConnection:";
    private static final String FORWARDING = Gateway.SERVICE + "Layer3Forwarding:";
    private static final AdvertisedFace V1 = Gateway.face(1);
    private static final AdvertisedFace V2 = Gateway.face(2);
    private static final AdvertisedFaces V1_ANNOUNCED = AdvertisedFaces.of(V1, V2);
    private static final AdvertisedFaces V2_ANNOUNCED = new AdvertisedFaces(List.of(V1, V2), V2);
    private static final String WINDOWS = "USER-AGENT: Microsoft-Windows/10.0 UPnP/1.0\r\n";

    record Row(String why, AdvertisedFaces faces, String headers, String searched, AdvertisedFace led) {}

    static Stream<Row> searches() {
        return Stream.of(
                new Row("the old device", V2_ANNOUNCED, "", IGD + 1, V1),
                new Row("the new device", V1_ANNOUNCED, "", IGD + 2, V2),
                new Row("the old service", V2_ANNOUNCED, "", WAN_IP + 1, V1),
                new Row("the new service", V1_ANNOUNCED, "", WAN_IP + 2, V2),
                new Row("a service that both have in version 1", V2_ANNOUNCED, "", FORWARDING + 1, V1),
                new Row("no version", V1_ANNOUNCED, "", "upnp:rootdevice", V1),
                new Row("no version, the other setting", V2_ANNOUNCED, "", "upnp:rootdevice", V2),
                new Row("a uuid", V1_ANNOUNCED, "", Gateway.WAN, V1),
                new Row("a uuid, the other setting", V2_ANNOUNCED, "", Gateway.WAN, V2),
                new Row("Windows", V2_ANNOUNCED, WINDOWS, "upnp:rootdevice", V1),
                new Row("Windows, by type", V2_ANNOUNCED, WINDOWS, IGD + 1, V1),
                new Row("Windows in lower case", V2_ANNOUNCED, WINDOWS.toLowerCase(Locale.ROOT), Gateway.ROOT, V1),
                new Row("another system", V2_ANNOUNCED, "USER-AGENT: Linux/6 UPnP/1.1\r\n", Gateway.ROOT, V2));
    }

    @ParameterizedTest
    @MethodSource("searches")
    @Proves({"igd:I-SSDP-05", "igd:I-SSDP-06", "igd:I-SSDP-03", "igd:Q-13"})
    void leads(Row row) {
        var found = row.faces().found(Gateway.request(row.searched(), row.headers()));
        assertThat(found).as(row.why()).singleElement().satisfies(it -> {
            assertThat(it.face()).isEqualTo(row.led());
            assertThat(it.about().target()).isEqualTo(row.searched());
        });
    }

    @Test
    @Proves("igd:I-SSDP-04")
    void knowsNoThirdVersion() {
        assertThat(V1_ANNOUNCED.found(Gateway.request(IGD + 3, ""))).isEmpty();
        assertThat(V1_ANNOUNCED.found(Gateway.request(IGD + 2, WINDOWS)))
                .as("Windows would find what it cannot read")
                .isEmpty();
    }

    @Test
    @Proves("igd:I-SSDP-03")
    void answersAsAskedWithoutADescriptionOfThatVersion() {
        var found = AdvertisedFaces.of(V2).found(Gateway.request(WAN_IP + 1, ""));
        assertThat(found).singleElement().satisfies(it -> {
            assertThat(it.face()).isEqualTo(V2);
            assertThat(it.about().usn()).isEqualTo(Gateway.CONNECTION + "::" + WAN_IP + 1);
        });
    }

    record Setting(AdvertisedFaces faces, AdvertisedFace announced) {}

    static Stream<Setting> settings() {
        return Stream.of(new Setting(V1_ANNOUNCED, V1), new Setting(V2_ANNOUNCED, V2));
    }

    /** Never a type of one version beside the description of the other. */
    @ParameterizedTest
    @MethodSource("settings")
    @Proves({"igd:I-SSDP-02", "igd:I-SSDP-06", "igd:I-SSDP-07"})
    void announcesOneOfThem(Setting setting) {
        var play = new Play(new SsdpEngine(setting.faces(), Duration.ZERO, Seeds.of(1)), Gateway.AT_LAN);
        play.happens(Gateway.unicast(Gateway.host(9), "ssdp:all"));
        play.goesOn(Duration.ofSeconds(10));

        var messages = play.taken().stream().map(sent -> sent.send().message()).toList();
        assertThat(messages).extracting(SsdpMessage::face).containsOnly(setting.announced());
        assertThat(messages.stream().map(SsdpMessage::getClass).distinct()).hasSize(3);
        assertThat(messages.stream().map(SsdpMessage::about).distinct())
                .containsExactlyElementsOf(setting.announced().advertised());
    }

    @Test
    @Proves("igd:I-SSDP-05")
    void tellsTheDescriptionsApartByLocationAndConfigId() {
        var place = Gateway.AT_LAN;
        assertThat(place.location(V1)).isEqualTo("http://192.168.1.1:49200/igd1/root.xml");
        assertThat(place.location(V2)).isEqualTo("http://192.168.1.1:49200/igd2/root.xml");
        assertThat(V1.configId()).isNotEqualTo(V2.configId());
    }

    @Test
    void announcesNothingItDoesNotHave() {
        assertThatThrownBy(() -> new AdvertisedFaces(List.of(V1), V2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AdvertisedFace("/", 0x100_0000, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
