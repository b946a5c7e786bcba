package io.portreeve.igd.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.iwf.IgdAction;
import io.portreeve.igd.upnp.EqualHashes;
import io.portreeve.igd.upnp.Soap;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What clients may not use up, and strangers may not see. */
class LanHttpAbuseTest extends LanHttpFixture {
    record Attack(String why, int status, String request) {}

    @Test
    @Proves("rel:T-9")
    void readsNoMoreThanItShould() throws Exception {
        var line =
                "POST " + CONTROL + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nSOAPACTION: " + SOAPACTION + "\r\n";
        var chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
        var attacks = List.of(
                new Attack("announced", 413, "Content-Length: 65537\r\n\r\n"),
                new Attack(
                        "2^63 - 1, announced to one who could say no",
                        413,
                        "Content-Length: 9223372036854775807\r\nExpect: 100-continue\r\n\r\n"),
                new Attack("endless", 413, "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(5)),
                new Attack("2^63", 400, "Transfer-Encoding: chunked\r\n\r\n8000000000000000\r\nx"),
                new Attack("a sign", 400, "Content-Length: +5\r\n\r\nabcde"),
                new Attack("two lengths", 400, "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde"),
                new Attack(
                        "a length and chunks", 400, "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                new Attack("a long header", 431, "X: " + "x".repeat(9_000) + "\r\n\r\n"));
        for (var attack : attacks) {
            var answer = exchange(line + attack.request());
            assertThat(status(answer)).as(attack.why()).isEqualTo(attack.status());
            assertThat(answer.toLowerCase())
                    .as(attack.why())
                    .endsWith("\r\n\r\n")
                    .doesNotContain("jetty");
        }
        assertNothingHappened();
    }

    /** Names of one hash, which would make a long list of any table. There is no end of the header: it is not waited for. */
    @Test
    @Proves("rel:T-18")
    void aFloodOfHeadersIsRefusedWhenItBegins() throws Exception {
        var headers =
                EqualHashes.texts(10_000).stream().map(name -> name + ":\r\n").toList();
        var begin = "POST " + CONTROL + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n";
        try (var client = new RawClient(port)) {
            var answer = client.send(begin + String.join("", headers.subList(0, 8 * 1024 / 31)));
            assertThat(status(answer.rest())).isEqualTo(431);
        }
        assertNothingHappened();
    }

    @Test
    @Proves("rel:T-9")
    void readsAsMuchAsItMay() throws Exception {
        var padded = ADD + " ".repeat(65_536 - Soap.octets(ADD).length);
        var request = request("POST " + CONTROL + " HTTP/1.1", padded, "SOAPACTION: " + SOAPACTION);
        assertThat(status(exchange(request))).isEqualTo(200);
        assertThat(status(exchange(request.replace("65536", "65537") + " "))).isEqualTo(413);
    }

    @Test
    @Proves("igd:I-SOAP-14")
    void answersHostileXmlWithAFault() throws Exception {
        var attack = ADD.replace("<s:Env", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><s:Env")
                .replace("cam", "&e;");
        var answer = exchange(request("POST " + CONTROL + " HTTP/1.1", attack, "SOAPACTION: " + SOAPACTION));
        assertThat(status(answer)).isEqualTo(500);
        assertThat(answer).endsWith(Soap.fault(402, "Invalid Args"));
        assertNothingHappened();
    }

    /** The kernel takes packets for the LAN address from everywhere, so this is what a host of the provider meets. */
    @Test
    @Proves("igd:I-SOAP-17")
    void saysNothingToStrangers() throws Exception {
        for (var stranger : new String[] {"127.0.0.4", "127.1.0.1"}) {
            try (var client = new RawClient(stranger, port)) {
                assertThat(client.exchange(request("GET " + DESCRIPTION + " HTTP/1.1", "")))
                        .isEmpty();
            }
        }
        assertThat(rejects.of(RejectReason.STRANGER)).isEqualTo(2);
        try (var neighbour = new RawClient("127.0.0.2", port)) {
            assertThat(status(neighbour
                            .send(request("GET " + DESCRIPTION + " HTTP/1.1", ""))
                            .rest()))
                    .isEqualTo(200);
        }
    }

    @Test
    void keepsRoomForOthersWhenOneHostTakesAll() throws Exception {
        var greedy = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < LanPeers.MAX_OF_ONE_HOST; i++) {
                var client = new RawClient(port);
                greedy.add(client);
                client.send(request("GET " + DESCRIPTION + " HTTP/1.1", "").replace("Connection: close\r\n", ""));
                client.until("</root>");
            }
            try (var tooMany = new RawClient(port);
                    var other = new RawClient("127.0.0.2", port)) {
                assertThat(tooMany.exchange(request("GET " + DESCRIPTION + " HTTP/1.1", "")))
                        .isEmpty();
                assertThat(status(other.send(request("GET " + DESCRIPTION + " HTTP/1.1", ""))
                                .rest()))
                        .isEqualTo(200);
            }
            assertThat(rejects.of(RejectReason.CONNECTIONS)).isOne();
        } finally {
            for (var client : greedy) {
                client.close();
            }
        }
    }

    @Test
    void forgetsConnectionsThatAreClosed() throws Exception {
        for (int i = 0; i < 3 * LanPeers.MAX_OF_ONE_HOST; i++) {
            assertThat(status(exchange(request("GET " + DESCRIPTION + " HTTP/1.1", ""))))
                    .isEqualTo(200);
        }
    }

    @Test
    @Proves("igd:J-13")
    void tellsCallsApartByTheirConnection() throws Exception {
        try (var neighbour = new RawClient("127.0.0.2", port)) {
            neighbour.send(post("SOAPACTION: " + SOAPACTION)).rest();
        }
        assertThat(calls.asked()).singleElement().satisfies(asked -> {
            assertThat(asked.requester()).isEqualTo(PcpAddress.parse("127.0.0.2"));
            assertThat(asked.action()).isInstanceOf(IgdAction.AddPortMapping.class);
        });
    }
}
