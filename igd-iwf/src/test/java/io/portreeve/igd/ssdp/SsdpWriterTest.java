package io.portreeve.igd.ssdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SsdpWriterTest {
    private static final Advertised IGD =
            new Advertised("urn:schemas-upnp-org:device:InternetGatewayDevice:1", Gateway.ROOT);
    private static final SsdpWriter WRITER = new SsdpWriter(
            "http://192.168.1.1:49200/igd1/root.xml", "Linux/6.6 UPnP/1.1 Portreeve/0.1", 1_795_248_000, 17);

    @Test
    void writesTheAnswerToASearch() {
        assertThat(written(new SsdpMessage.Found(IGD))).isEqualTo("""
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
    void writesThatItIsThere() {
        assertThat(written(new SsdpMessage.Alive(IGD))).isEqualTo("""
                NOTIFY * HTTP/1.1\r
                HOST: 239.255.255.250:1900\r
                CACHE-CONTROL: max-age=1800\r
                LOCATION: http://192.168.1.1:49200/igd1/root.xml\r
                NT: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r
                NTS: ssdp:alive\r
                SERVER: Linux/6.6 UPnP/1.1 Portreeve/0.1\r
                USN: uuid:5f3d0c1e-9a27-4b1e-8c55-0242ac110001::urn:schemas-upnp-org:device:InternetGatewayDevice:1\r
                BOOTID.UPNP.ORG: 1795248000\r
                CONFIGID.UPNP.ORG: 17\r
                \r
                """);
    }

    @Test
    void writesThatItGoes() {
        assertThat(written(new SsdpMessage.ByeBye(new Advertised(Gateway.ROOT, Gateway.ROOT))))
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

    private static String written(SsdpMessage message) {
        return new String(WRITER.write(message, Instant.parse("2026-11-01T08:00:00Z")), StandardCharsets.US_ASCII);
    }
}
