package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
import io.portreeve.testing.Await;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever is killed or silent comes back, and all agree again on the ports that are open. */
@Proves("pcp:F-03-01")
class OutageIT {
    private static final String AT_CGN = "TCP 192.168.1.10:8080 203.0.114.1:8080";
    private static final String AT_HOME = "0 TCP 8080->192.168.1.10:8080 'cam' '' 0";

    private static Chain chain;

    @BeforeAll
    static void start(@TempDir Path work) throws Exception {
        chain = Chain.measured(work);
        chain.loadFirewall(); // which must let in what the server says to all
    }

    @AfterAll
    static void end() throws Exception {
        chain.close();
    }

    @AfterEach
    void allAgree() throws Exception {
        chain.agrees();
    }

    @BeforeEach
    void openOnePort() throws Exception {
        chain.home().closePorts();
        chain.home().upnpcSucceeds("-e", "cam", "-a", "192.168.1.10", "8080", "8080", "TCP");
        assertThat(chain.cgnTable()).containsExactly(AT_CGN);
    }

    @Test
    @Proves("igd:F-07")
    void theServerIsKilled() throws Exception {
        chain.killIdleServer();
        chain.startServer();

        assertThat(chain.cgnTable()).containsExactly(AT_CGN);
        assertThat(chain.home().entries()).containsExactly(AT_HOME);
        thePortCanBeClosed();
    }

    @Test
    @Proves({"pcp:F-23-01", "igd:I-IWFM-04", "igd:F-03"})
    void theGatewayIsKilled() throws Exception {
        var before = identity();
        chain.home().gateway().kill();
        chain.home().startGateway();

        assertThat(identity()).as("UDN and control URL").isEqualTo(before);
        assertThat(chain.home().entries()).containsExactly(AT_HOME);
        assertThat(chain.cgnTable()).containsExactly(AT_CGN);
        thePortCanBeClosed();
    }

    @Test
    void bothAreKilled() throws Exception {
        chain.agrees();
        chain.home().gateway().kill();
        chain.server().kill();
        chain.startServer();
        chain.home().startGateway();

        assertThat(chain.cgnTable()).containsExactly(AT_CGN);
        assertThat(chain.home().entries()).containsExactly(AT_HOME);
        thePortCanBeClosed();
    }

    /** The gateway learns of it by the epoch in the next answer, whatever that answers. */
    @Test
    @Proves({"igd:F-06", "igd:F-07"})
    void theServerLosesItsState() throws Exception {
        Await.until("the new epoch cannot pass for the old one that went on", () -> chain.epoch() > 3);
        chain.killIdleServer();
        chain.deleteServerState();
        chain.startServer();
        assertThat(chain.cgnTable()).isEmpty();

        chain.home().upnpcSucceeds("-e", "game", "-a", "192.168.1.10", "3074", "3074", "UDP");

        chain.server().await("192.168.1.10: TCP 8080, wants external 203.0.114.1:8080 or nothing");
        assertThat(chain.cgnTable()).containsExactlyInAnyOrder(AT_CGN, "UDP 192.168.1.10:3074 203.0.114.1:3074");
        assertThat(chain.home().entries()).containsExactly(AT_HOME, "1 UDP 3074->192.168.1.10:3074 'game' '' 0");
        thePortCanBeClosed();
    }

    /** It announces itself, so that nobody has to ask for anything before the ports are open again. */
    @Test
    @Proves({"igd:I-IWFR-01", "pcp:I-10"})
    void theServerLosesItsStateAndSaysSo() throws Exception {
        chain.home().upnpcSucceeds("-e", "game", "-a", "192.168.1.10", "3074", "3074", "UDP");
        chain.home().upnpcSucceeds("-e", "web", "-a", "192.168.1.10", "80", "8081", "TCP", "3600");
        var open = chain.cgnTable();
        var entries = chain.home().entries();
        assertThat(open).hasSize(3);
        Await.until("the new epoch cannot pass for the old one that went on", () -> chain.epoch() > 6);
        chain.killIdleServer();
        chain.deleteServerState();
        chain.startServer();

        Await.until("all ports are open again", () -> chain.cgnTable().size() == open.size());
        assertThat(chain.cgnTable()).containsExactlyInAnyOrderElementsOf(open);
        assertThat(chain.home().entries()).hasSameSizeAs(entries);
        thePortCanBeClosed();
    }

    /** upnpc gives up after five seconds with an error of its own: code 501 shows that the gateway was faster. */
    @Test
    @Proves({"igd:I-SOAP-12", "igd:I-IWFP-08", "pcp:I-09"})
    void theServerIsSilent() throws Exception {
        int before = chain.server().printed();
        var gateway = chain.home().gateway();
        int beforeThere = gateway.printed();
        chain.server().stop();
        Command.Result add;
        try {
            add = chain.home().upnpc("-a", "192.168.1.10", "5000", "5000", "TCP");
            gateway.await("the PCP server 100.64.0.1:5351 has answered nothing for ", beforeThere);
            assertThat(chain.home().status()).contains("silent for ");
            assertThat(chain.home().measured("/readyz")).startsWith("no: the PCP server has answered nothing for ");
        } finally {
            chain.server().signal("CONT");
        }
        assertThat(add.exitCode()).isNotZero();
        assertThat(add.output()).contains("failed with code 501 (Action Failed)");

        chain.server().await("-> SUCCESS 203.0.114.1:5000", before);
        chain.server().await("delete TCP 5000 -> SUCCESS", before);
        gateway.await("the PCP server 100.64.0.1:5351 answers again", beforeThere);
        assertThat(chain.home().status()).doesNotContain("silent for ");
        assertThat(chain.home().measured("/readyz")).isEqualTo("yes\n");
        assertThat(chain.cgnTable()).containsExactly(AT_CGN);
        assertThat(chain.home().entries()).containsExactly(AT_HOME);

        chain.home().upnpcSucceeds("-a", "192.168.1.10", "5000", "5000", "TCP");
        assertThat(chain.cgnTable()).containsExactlyInAnyOrder(AT_CGN, "TCP 192.168.1.10:5000 203.0.114.1:5000");
    }

    /** The server would refuse the delete if it came with another nonce than the mapping. */
    private static void thePortCanBeClosed() throws Exception {
        int before = chain.server().printed();
        chain.home().upnpcSucceeds("-d", "8080", "TCP");
        chain.server().await("192.168.1.10: delete TCP 8080 -> SUCCESS", before);
        assertThat(chain.cgnTable()).doesNotContain(AT_CGN);
        assertThat(chain.home().entries()).doesNotContain(AT_HOME);
    }

    private record Identity(String udn, String controlUrl) {}

    private static Identity identity() throws Exception {
        var found = chain.home().search();
        var request =
                "GET " + chain.home().description().getPath() + " HTTP/1.0\\r\\nHost: 192.168.1.1:49200\\r\\n\\r\\n";
        var exchange = "exec 3<>/dev/tcp/192.168.1.1/49200; printf '" + request + "' >&3; cat <&3";
        var answer = chain.home().onLan("bash", "-c", exchange);
        return new Identity(after("<UDN>", answer.output()), after("Found valid IGD : ", found));
    }

    private static String after(String prefix, String text) {
        var match = Pattern.compile(Pattern.quote(prefix) + "([^<\\s]+)").matcher(text);
        assertThat(match.find()).as("%s in %s", prefix, text).isTrue();
        return match.group(1);
    }
}
