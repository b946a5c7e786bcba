package io.portreeve.igd.ssdp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SsdpWriterTest {
    private static final Advertised IGD =
            new Advertised("urn:schemas-upnp-org:device:InternetGatewayDevice:1", Gateway.ROOT);
    private static final AdvertisedFace FACE = new AdvertisedFace("/igd1/root.xml", 17, List.of(IGD));
    private static final SsdpWriter WRITER = new SsdpWriter("Linux/6.6 UPnP/1.1 Portreeve/0.1");

    @Test
    @Proves({"igd:I-SSDP-12", "igd:X01", "igd:J-08"})
    void writesTheAnswerToASearch() {
        assertThat(written(new SsdpMessage.Found(IGD, FACE))).isEqualTo("""
                HTTP/1.1 200 OK\r
                CACHE-CONTROL: max-age=1800\r
                DATE: Sun, 01 Nov 2026 08:00:00 GMT\r
                EXT:\r
                LOCATION: http://192.168.1.1:49200/igd1/root.xml\r
                SERVER: Linux/6.6 UPnP/1.1 Portreeve/0.1\r
                ST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r
                USN: uuid:5f3d0c1e-9a27-4b1e-8c55-0242ac110001::urn:schemas-upnp-org:device:InternetGatewayDevice:1\r
                BOOTID.UPNP.ORG: 1795248000\r
                CONFIGID.UPNP.ORG: 17\r
                \r
                """);
    }

    @Test
    @Proves("igd:I-SSDP-12")
    void writesThatItIsThere() {
        assertThat(written(new SsdpMessage.Alive(IGD, FACE))).isEqualTo("""
                NOTIFY * HTTP/1.1\r
                HOST: 239.255.255.250:1900\r
                NT: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r
                NTS: ssdp:alive\r
                USN: uuid:5f3d0c1e-9a27-4b1e-8c55-0242ac110001::urn:schemas-upnp-org:device:InternetGatewayDevice:1\r
                BOOTID.UPNP.ORG: 1795248000\r
                CONFIGID.UPNP.ORG: 17\r
                CACHE-CONTROL: max-age=1800\r
                LOCATION: http://192.168.1.1:49200/igd1/root.xml\r
                SERVER: Linux/6.6 UPnP/1.1 Portreeve/0.1\r
                \r
                """);
    }

    @Test
    @Proves("igd:I-SSDP-12")
    void writesThatItGoes() {
        assertThat(written(new SsdpMessage.ByeBye(new Advertised(Gateway.ROOT, Gateway.ROOT), FACE)))
                .isEqualTo("""
                NOTIFY * HTTP/1.1\r
                HOST: 239.255.255.250:1900\r
                NT: uuid:5f3d0c1e-9a27-4b1e-8c55-0242ac110001\r
                NTS: ssdp:byebye\r
                USN: uuid:5f3d0c1e-9a27-4b1e-8c55-0242ac110001\r
                BOOTID.UPNP.ORG: 1795248000\r
                CONFIGID.UPNP.ORG: 17\r
                \r
                """);
    }

    @Test
    @Proves("igd:I-SSDP-13")
    void writesThatItWillBeTheSameUnderAnotherNumber() {
        assertThat(written(new SsdpMessage.Update(IGD, FACE, 1_795_248_001))).isEqualTo("""
                NOTIFY * HTTP/1.1\r
                HOST: 239.255.255.250:1900\r
                NT: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r
                NTS: ssdp:update\r
                USN: uuid:5f3d0c1e-9a27-4b1e-8c55-0242ac110001::urn:schemas-upnp-org:device:InternetGatewayDevice:1\r
                BOOTID.UPNP.ORG: 1795248000\r
                CONFIGID.UPNP.ORG: 17\r
                LOCATION: http://192.168.1.1:49200/igd1/root.xml\r
                NEXTBOOTID.UPNP.ORG: 1795248001\r
                \r
                """);
    }

    record Family(String address, int prefix, String host, String location) {}

    static Stream<Family> families() {
        return Stream.of(
                new Family("192.168.1.1", 24, "239.255.255.250:1900", "http://192.168.1.1:49200/igd1/root.xml"),
                new Family("fe80::1", 64, "[FF02::C]:1900", "http://[fe80:0:0:0:0:0:0:1]:49200/igd1/root.xml"),
                new Family("fd00:1::1", 64, "[FF05::C]:1900", "http://[fd00:1:0:0:0:0:0:1]:49200/igd1/root.xml"),
                new Family("2001:db8::1", 64, "[FF05::C]:1900", "http://[2001:db8:0:0:0:0:0:1]:49200/igd1/root.xml"));
    }

    @ParameterizedTest
    @MethodSource("families")
    @Proves("igd:I-SSDP-23")
    void namesTheAddressThatIsValidWhereItIsHeard(Family row) {
        var place = new Presence(Gateway.lan("lan0", row.address(), row.prefix()), 49_200);
        var alive = text(new Send(place, place.lan().group().endpoint, new SsdpMessage.Alive(IGD, FACE), 1));
        assertThat(alive.lines()).contains("HOST: " + row.host(), "LOCATION: " + row.location());
    }

    /** Addresses as long as they get, a path as long as the daemon's. */
    @ParameterizedTest
    @ValueSource(strings = {"192.168.100.100", "2001:1db8:1111:2222:3333:4444:5555:6666"})
    @Proves("rel:T-20")
    void needsFourKibibytesForAllThereIs(String address) {
        var face = new AdvertisedFace(
                "/0123456789abcdef0123456789abcdef/igd1/root.xml", 16_777_215, Gateway.advertised(1));
        var place = new Presence(Gateway.lan("lan0", address, 24), 49_200);
        int octets = face.advertised().stream()
                .map(thing -> new SsdpMessage.Found(thing, face))
                .mapToInt(found -> text(new Send(place, Gateway.host(9), found, Integer.MAX_VALUE))
                        .length())
                .sum();
        assertThat(octets).isLessThanOrEqualTo(4096);
    }

    private static String written(SsdpMessage message) {
        return text(new Send(Gateway.AT_LAN, Gateway.host(9), message, 1_795_248_000));
    }

    private static String text(Send send) {
        return new String(WRITER.write(send, Instant.parse("2026-11-01T08:00:00Z")), StandardCharsets.US_ASCII);
    }
}
