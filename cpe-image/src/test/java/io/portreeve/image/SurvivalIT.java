package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.testing.Await;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** Packets go on when a program of the chain dies or the rules in a kernel are gone, for as long as the port is granted. */
class SurvivalIT extends OwnChain {

    /** Expects an answer to {@code word} on a connection that is there already. */
    private static void assertAnswers(Socket connection, String word) throws IOException {
        assertThat(TcpService.ask(connection, word)).startsWith(word + " from");
    }

    /** Expects an answer on a connection that is made now. */
    private void assertServed(int port) throws Exception {
        try (var connection = stranger.connect(port)) {
            assertAnswers(connection, "new");
        }
    }

    /** The provider's grant ends by itself when nobody renews it, and so do the connections. */
    @Test
    void whatADeadGatewayLeftEndsToo() throws Exception {
        chain.home().upnpcSucceeds("-a", "192.168.1.10", "8080", "8080", "TCP", "4");
        try (var _ = new TcpService(lan(), 8080)) {
            try (var connection = stranger.connect(8080)) {
                TcpService.ask(connection, "while it lasts");
                chain.home().gateway().kill();
                Await.until("the provider's grant ends", () -> {
                    TcpService.say(connection, "still there?");
                    return chain.cgnTable().isEmpty();
                });
                // or what it sends again would be dropped in place of the probe
                connection.setSoLinger(true, 0);
            }
            stranger.nobodyAnswers(8080);
        } finally {
            chain.home().startGateway();
        }
    }

    @Test
    void aFlushedRulesetIsBuiltAnewAndNobodyHearsOfIt() throws Exception {
        chain.home().open("TCP", 8080);
        long epoch = chain.epoch();
        int before = chain.server().printed();
        var firmware = chain.lab()
                .inside("cpe", "nft", "list", "table", "ip", "firmware")
                .run()
                .output();
        try (var _ = new TcpService(lan(), 8080);
                var connection = stranger.connect(8080)) {
            for (var router : new String[] {"cgn", "cpe"}) {
                chain.lab().inside(router, "nft", "flush", "ruleset").run();
                (router.equals("cgn") ? chain.server() : chain.home().gateway()).await("built anew");
                assertAnswers(connection, "old");
                assertServed(8080);
            }
            assertThat(chain.server().lines().subList(before, chain.server().printed()))
                    .as("nobody asked for anything again; a delete may have been under way")
                    .noneMatch(line -> line.contains("wants "));
            assertThat(chain.epoch()).isGreaterThanOrEqualTo(epoch);
        } finally {
            chain.lab().inside("cpe", "nft", firmware).run();
        }
    }

    @Test
    void aConnectionOutlivesTheServer() throws Exception {
        chain.home().open("TCP", 8080);
        try (var _ = new TcpService(lan(), 8080);
                var connection = stranger.connect(8080)) {
            TcpService.ask(connection, "before");
            chain.killIdleServer();
            assertAnswers(connection, "meanwhile");
            chain.startServer();
            assertAnswers(connection, "after");
            assertServed(8080);
        }
    }

    @Test
    void aConnectionOutlivesTheGateway() throws Exception {
        chain.home().open("TCP", 8080);
        try (var _ = new TcpService(lan(), 8080);
                var connection = stranger.connect(8080)) {
            TcpService.ask(connection, "before");
            chain.home().gateway().kill();
            assertAnswers(connection, "meanwhile");
            chain.home().startGateway();
            assertAnswers(connection, "after");
            assertServed(8080);
        }
    }

    /** The gateway learns of it by the epoch in the next answer, whatever that answers. */
    @Test
    void portsComeBackToAServerThatForgot() throws Exception {
        chain.home().open("TCP", 8080);
        Await.until("the new epoch cannot pass for the old one that went on", () -> chain.epoch() > 3);
        try (var _ = new TcpService(lan(), 8080)) {
            chain.killIdleServer();
            chain.deleteServerState();
            chain.startServer();
            assertThat(chain.cgnTable()).isEmpty();
            stranger.nobodyAnswers(8080);

            chain.home().open("UDP", 3074);
            Await.until("the mapping is made again", () -> chain.cgnTable().size() == 2);
            assertServed(8080);
        }
    }

    /** While the gateway is dead, its NAT is tampered with. */
    @Test
    void twentyPortsOutliveTheGateway() throws Exception {
        var services = new ArrayList<TcpService>();
        try {
            for (int port = 8100; port < 8120; port++) {
                chain.home().open("TCP", port);
                services.add(new TcpService(lan(), port));
            }
            chain.home().gateway().kill();
            tamper("delete", "inbound { tcp . 8100 : 192.168.1.10 . 8100 }");
            tamper("delete", "outbound { tcp . 192.168.1.10 . 8101 : 8101 }");
            tamper("add", "inbound { tcp . 7000 : 192.168.1.10 . 8102 }");
            chain.home().startGateway();
            for (int port = 8100; port < 8120; port++) {
                assertServed(port);
            }
            assertThat(chain.home().entries()).hasSize(20);
            // with other nonces than those of the mappings the server would refuse this
            chain.home().closePorts();
            assertThat(chain.cgnTable()).isEmpty();
        } finally {
            for (var service : services) {
                service.close();
            }
        }
    }

    private void tamper(String what, String element) throws Exception {
        var words = ("nft " + what + " element ip portreeve_nat " + element).split(" ");
        chain.lab().inside("cpe", words).succeed();
    }
}
