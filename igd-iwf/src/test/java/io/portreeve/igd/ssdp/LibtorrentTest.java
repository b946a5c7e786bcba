package io.portreeve.igd.ssdp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** It uses every device that it finds, and searches until it finds no other. */
class LibtorrentTest {
    private static final int REPEATS = 12;
    private static final Endpoint SSDP_PORT = new Endpoint(PcpAddress.parse("192.168.1.9"), 1900);
    private static final Endpoint OTHER_PORT = new Endpoint(PcpAddress.parse("192.168.1.9"), 41_000);

    /** No blanks, and one line end too many. */
    private static final String SEARCH = "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nST:upnp:rootdevice\r\n"
            + "MAN:\"ssdp:discover\"\r\nMX:3\r\n\r\n\r\n";

    @Test
    @Proves("igd:Q-05")
    void findsOneGatewayHoweverOftenItSearches() {
        var faces = AdvertisedFaces.of(Gateway.face(1), Gateway.face(2));
        var play = new Play(new SsdpEngine(faces, Duration.ofSeconds(5), Seeds.of(1)), Gateway.AT_LAN);
        play.goesOn(Duration.ofSeconds(10));
        play.taken();
        var request = SearchRequest.parse(Gateway.datagram(SEARCH)).orElseThrow();
        var answers = new ArrayList<Send>();
        for (int i = 0; i < REPEATS; i++) {
            play.happens(new SsdpEvent.Search(Gateway.LAN, SSDP_PORT, true, request));
            play.happens(new SsdpEvent.Search(Gateway.LAN, OTHER_PORT, true, request));
            play.goesOn(Duration.ofSeconds(3));
            play.taken().forEach(sent -> answers.add(sent.send()));
        }
        assertThat(answers).hasSize(2 * REPEATS);
        assertThat(answers).extracting(Send::target).containsOnly(SSDP_PORT, OTHER_PORT);
        assertThat(answers).extracting(Send::from).containsOnly(Gateway.AT_LAN);
        assertThat(answers)
                .extracting(Send::message)
                .containsOnly(new SsdpMessage.Found(new Advertised("upnp:rootdevice", Gateway.ROOT), Gateway.face(1)));
    }
}
