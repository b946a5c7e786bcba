package io.portreeve.igd.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.gena.Eventing;
import io.portreeve.igd.upnp.ScriptedIgdCalls;
import io.portreeve.requirements.Proves;
import io.portreeve.runtime.BootClock;
import io.portreeve.testing.Await;
import io.portreeve.testing.Failures;
import java.net.SocketException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that never come to an end. */
class PatienceTest {
    private static final String PATH = LoopbackHttp.BASE;
    private static final Duration FOR_EVER = Duration.ofDays(1);

    private final List<RawClient> clients = new ArrayList<>();
    private LoopbackHttp server;
    private RejectCounters rejects;
    private int port;

    private void serve(Duration longestRequest) throws Exception {
        var eventing = new Eventing(new BootClock(), new SecureRandom(), Failures::unexpected);
        var patience = new LanHttp.Patience(FOR_EVER, longestRequest);
        server = new LoopbackHttp(new ScriptedIgdCalls(), eventing, patience, 8);
        rejects = server.rejects;
        port = server.port;
    }

    private RawClient client(int host) throws Exception {
        var client = new RawClient("127.0.0." + host, port);
        clients.add(client);
        return client;
    }

    private String get() {
        return "GET " + PATH + "/igd1/root.xml HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n";
    }

    @AfterEach
    void stop() throws Exception {
        for (var client : clients) {
            client.close();
        }
        server.close();
    }

    /** The idle time is a day here, so that only the deadline can end them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET ",
                "GET /root.xml HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ",
                "POST CONTROL HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nSOAPACTION: x\r\nContent-Length: 60000\r\n\r\n<",
                "POST CONTROL HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nSOAPACTION: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n<\r\n"
            })
    @Proves("rel:T-10")
    void endsRequestsThatDoNotEnd(String beginning) throws Exception {
        serve(Duration.ofMillis(100));
        var request =
                beginning.replace("CONTROL", PATH + "/igd1/WANIPConn1/action").replace("PORT", "" + port);
        client(2).exchange(request);
        assertThat(rejects.of(RejectReason.TOO_SLOW)).isOne();
    }

    @Test
    void countsAnewFromEachAnswer() throws Exception {
        serve(Duration.ofSeconds(2));
        var client = client(2);
        for (int i = 0; i < 3; i++) {
            assertThat(client.send(get() + "\r\n").until("</root>")).startsWith("HTTP/1.1 200 ");
        }
        client.send(get()).rest();
        assertThat(rejects.of(RejectReason.TOO_SLOW)).isOne();
    }

    @Test
    @Proves("rel:T-10")
    void servesOthersWhileOneHostTriesAThousandTimes() throws Exception {
        serve(FOR_EVER);
        for (int i = 0; i < 1_000; i++) {
            try {
                client(2).send(get());
            } catch (SocketException e) {
                // turned away already
            }
        }
        assertThat(client(3).send(get() + "\r\n").until("</root>")).startsWith("HTTP/1.1 200 ");
        Await.until(
                "all but eight are turned away",
                () -> rejects.of(RejectReason.CONNECTIONS) == 1_000 - LanPeers.MAX_OF_ONE_HOST);
    }

    @Test
    @Proves("rel:T-10")
    void hasSixtyFourConnectionsAtMost() throws Exception {
        serve(FOR_EVER);
        for (int i = 0; i < LanPeers.MAX_CONNECTIONS; i++) {
            client(2 + i).send(get() + "\r\n").until("</root>");
        }
        assertThat(client(100).exchange(get() + "\r\n")).isEmpty();
        assertThat(rejects.of(RejectReason.CONNECTIONS)).isOne();

        clients.getFirst().close();
        Await.until("there is room again", () -> {
            try (var next = new RawClient("127.0.0.100", port)) {
                return !next.exchange(get() + "Connection: close\r\n\r\n").isEmpty();
            }
        });
    }

    @Test
    @Proves("rel:T-10")
    void hostsThatAttackTogetherKeepNobodyOut() throws Exception {
        serve(FOR_EVER);
        for (int i = 0; i < LanPeers.MAX_CONNECTIONS; i++) {
            client(2 + i % 8).send(get() + "\r\n").until("</root>");
        }
        assertThat(client(100).send(get() + "\r\n").until("</root>")).startsWith("HTTP/1.1 200 ");
        assertThat(rejects.of(RejectReason.CONNECTIONS)).isOne();
        assertThat(clients.getFirst().rest())
                .as("the oldest of theirs made way")
                .isEmpty();
        assertThat(client(2).exchange(get() + "\r\n"))
                .as("and who has most gets none back")
                .isEmpty();
    }
}
