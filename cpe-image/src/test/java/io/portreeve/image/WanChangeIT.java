package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The provider gives the gateway other addresses while it runs, and ports that are open go on leading home. */
class WanChangeIT {
    private static final String FIRST = "100.64.0.2";
    private static final String SECOND = "100.64.0.22";
    private static final String PUBLIC = "203.0.114.66";
    private static final String OPEN = "0 TCP 8080->192.168.1.10:8080 'libminiupnpc' '' 0";

    private Chain chain;
    private TcpService service;

    @BeforeEach
    void openOnePort(@TempDir Path work) throws Exception {
        chain = Chain.translating(work);
        service = new TcpService(chain.lab().host("lan"), 8080);
        chain.home().open("TCP", 8080);
    }

    @AfterEach
    void end() throws Exception {
        try (var _ = chain;
                var _ = service) {
            assertThat(chain.home().entries()).as("whatever happened").containsExactly(OPEN);
        }
    }

    private void on(String namespace, String command) throws Exception {
        chain.lab().inside(namespace, command.split(" ")).succeed();
    }

    private void lose(String wan) throws Exception {
        on("cpe", "ip address delete " + wan + " dev wan0");
    }

    private void gain(String wan, String router) throws Exception {
        on("cpe", "ip address add " + wan + " dev wan0");
        on("cpe", "ip route add default via " + router);
    }

    /** Waits until the gateway shows {@code external}, not counting what it printed first. */
    private void shows(String external, int from) throws Exception {
        chain.home().gateway().await("the external address is " + external, from);
        assertThat(chain.home().search()).contains("ExternalIPAddress = " + external + "\n");
    }

    /** Expects what {@code host} sends to {@code address} to come through. */
    private void passes(String host, String address, String sender) throws Exception {
        try (var connection = chain.lab().host(host).connect(address, 8080)) {
            assertThat(TcpService.ask(connection, "hello")).startsWith("hello from /" + sender + ":");
        }
    }

    /** The provider forgets who had the old address, or its port would be taken. */
    @Test
    @Proves("igd:F-05")
    void toAnotherOneBehindTheCgn() throws Exception {
        passes("inet", Stranger.PUBLIC, Stranger.ADDRESS);
        int before = chain.home().gateway().printed();
        lose(FIRST + "/24");
        chain.server().kill();
        chain.deleteServerState();
        chain.startServer();
        gain(SECOND + "/24", "100.64.0.1");

        chain.home().gateway().await("this gateway's own NAT, at " + SECOND, before);
        chain.server().await("MAP from " + SECOND + ": TCP 8080");
        assertThat(chain.cgnTable()).containsExactly("TCP 100.64.0.22:8080 203.0.114.1:8080");
        passes("inet", Stranger.PUBLIC, Stranger.ADDRESS);
    }

    @Test
    void toAPublicOneAndBack() throws Exception {
        int before = chain.home().gateway().printed();
        on("cgn", "ip address add 203.0.114.65/25 dev access0");
        lose(FIRST + "/24");
        gain(PUBLIC + "/25", "203.0.114.65");

        chain.home().gateway().await("on this gateway alone: its WAN address " + PUBLIC + " is public", before);
        shows(PUBLIC, before);
        passes("cgn", PUBLIC, "203.0.114.65");
        passes("lan2", PUBLIC, "192.168.1.1");

        int between = chain.home().gateway().printed();
        lose(PUBLIC + "/25");
        gain(FIRST + "/24", "100.64.0.1");

        shows(Stranger.PUBLIC, between);
        passes("inet", Stranger.PUBLIC, Stranger.ADDRESS);
    }

    @Test
    @Proves("pcp:I-09")
    void afterTheGatewayHasStartedWithoutOne() throws Exception {
        chain.home().gateway().close();
        lose(FIRST + "/24");
        chain.home().startGateway();
        chain.home().gateway().await("wan0 has no IPv4 address yet: ports are opened as soon as it has one");
        var add = chain.home().upnpc("-a", "192.168.1.10", "5000", "5000", "TCP");
        assertThat(add.output() + add.errors()).contains("failed with code 501 (Action Failed)");
        assertThat(chain.lab().hasPcpClient("cpe")).isFalse();

        gain(FIRST + "/24", "100.64.0.1");

        shows(Stranger.PUBLIC, 0);
        assertThat(chain.lab().hasPcpClient("cpe")).isTrue();
        passes("inet", Stranger.PUBLIC, Stranger.ADDRESS);
        chain.agrees();
    }

    @Test
    void whileTheLanGetsAnotherOneToo() throws Exception {
        on("cpe", "ip address delete 192.168.1.1/24 dev lan0");
        on("cpe", "ip address add 192.168.1.2/24 dev lan0");
        on("lan", "ip route replace default via 192.168.1.2");
        chain.home().gateway().await("hosts are served at 192.168.1.2/24");
        assertThat(chain.home().search()).contains("Found valid IGD : http://192.168.1.2:49200/");
    }
}
