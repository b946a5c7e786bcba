package io.portreeve.igd.gena;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class NotificationTest {
    private static final String SID = "uuid:0b6c9c1e-51c7-4f5b-9a7e-6d1d2f1a0042";

    @Test
    @Proves({"igd:X11", "igd:I-GENA-06"})
    void isWrittenLikeTheSample() {
        var notification = new Notification(
                SID,
                0,
                Play.GATEWAY,
                Play.callback(Play.CONSOLE),
                Play.variables(
                        "PossibleConnectionTypes", "IP_Routed",
                        "ConnectionStatus", "Connected",
                        "ExternalIPAddress", "198.51.100.7",
                        "PortMappingNumberOfEntries", "1",
                        "SystemUpdateID", "4"));
        assertThat(new String(notification.write(), StandardCharsets.UTF_8))
                .isEqualTo("NOTIFY /cb HTTP/1.1\r\n"
                        + "HOST: 192.168.1.33:40001\r\n"
                        + "CONTENT-TYPE: text/xml; charset=\"utf-8\"\r\n"
                        + "NT: upnp:event\r\n"
                        + "NTS: upnp:propchange\r\n"
                        + "SID: uuid:0b6c9c1e-51c7-4f5b-9a7e-6d1d2f1a0042\r\n"
                        + "SEQ: 0\r\n"
                        + "CONTENT-LENGTH: 471\r\n"
                        + "\r\n"
                        + "<?xml version=\"1.0\"?>\r\n"
                        + "<e:propertyset xmlns:e=\"urn:schemas-upnp-org:event-1-0\">"
                        + "<e:property><PossibleConnectionTypes>IP_Routed</PossibleConnectionTypes></e:property>"
                        + "<e:property><ConnectionStatus>Connected</ConnectionStatus></e:property>"
                        + "<e:property><ExternalIPAddress>198.51.100.7</ExternalIPAddress></e:property>"
                        + "<e:property><PortMappingNumberOfEntries>1</PortMappingNumberOfEntries></e:property>"
                        + "<e:property><SystemUpdateID>4</SystemUpdateID></e:property>"
                        + "</e:propertyset>\r\n");
    }

    @Test
    void escapesWhatXmlNeedsAndCountsOctets() {
        var notification = new Notification(
                SID, 1, Play.GATEWAY, Play.callback(Play.CONSOLE), Play.variables("Name", "<a> & \u00fc\u0001"));
        var text = new String(notification.write(), StandardCharsets.UTF_8);
        var body = text.substring(text.indexOf("\r\n\r\n") + 4);
        assertThat(body).contains("<Name>&lt;a&gt; &amp; \u00fc\ufffd</Name>");
        assertThat(text).contains("\r\nCONTENT-LENGTH: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n");
    }

    @Test
    @Proves("igd:I-GENA-06")
    void hasKeysThatWrapToOne() {
        assertThat(Notification.keyAfter(0)).isEqualTo(1);
        assertThat(Notification.keyAfter(4_294_967_294L)).isEqualTo(4_294_967_295L);
        assertThat(Notification.keyAfter(4_294_967_295L)).isEqualTo(1);
    }
}
