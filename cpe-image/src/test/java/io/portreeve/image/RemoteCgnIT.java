package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
import io.portreeve.testing.Await;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The CGN is a program of its own: what becomes of real packets when it, or its server, dies or stands still. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RemoteCgnIT {
    private static final Pattern LOCKED = Pattern.compile("counter packets (\\d+) bytes \\d+ drop comment \"locked\"");
    private static final int PORT = 8080;

    private Chain chain;
    private Stranger stranger;

    @BeforeAll
    void start(@TempDir Path work) throws Exception {
        chain = Chain.withRemoteCgn(work);
        stranger = new Stranger(chain.lab());
    }

    @AfterAll
    void end() throws Exception {
        chain.close();
    }

    @AfterEach
    void allAgree() throws Exception {
        try {
            chain.agrees();
        } finally {
            chain.home().closePorts();
        }
    }

    private void isServed() throws Exception {
        try (var _ = new TcpService(chain.lab().host("lan"), PORT);
                var connection = stranger.connect(PORT)) {
            assertThat(TcpService.ask(connection, "hello")).startsWith("hello from");
        }
    }

    /** What the CGN of this lab is locked with drops everything of its kind, so it is looked for, not only missed. */
    private long blocked() throws Exception {
        var rules = chain.lab()
                .inside("cgn", "nft", "list", "chain", "ip", "portreeve_cgn", "postrouting")
                .run()
                .output();
        var counter = LOCKED.matcher(rules);
        return counter.find() ? Long.parseLong(counter.group(1)) : -1;
    }

    /** A host at home sends to the Internet; the CGN makes nothing of it. */
    private void nothingImplicitIsMade() throws Exception {
        long before = blocked();
        assertThat(before).as("the CGN is locked").isNotNegative();
        try (var socket = chain.lab().host("lan").udp(0)) {
            var probe = new DatagramPacket(new byte[1], 1, InetAddress.getByName(Stranger.ADDRESS), 9);
            Await.until("the CGN drops it", () -> {
                socket.send(probe);
                return blocked() > before;
            });
        }
    }

    /** The seed's rule: what the server had goes with it, and nothing takes its place before it is back. */
    @Test
    @Proves({"pcp:N-10", "pcp:N-12"})
    void aServerThatIsKilledTakesItsMappingsAlongUntilItIsBack() throws Exception {
        chain.home().open("TCP", PORT);
        isServed();
        int before = chain.cgn().printed();
        chain.server().kill();
        chain.cgn().await("its server has gone", before);
        stranger.nobodyAnswers(PORT);
        nothingImplicitIsMade();

        chain.startServer();
        isServed();
        assertThat(blocked()).as("it is unlocked").isNegative();
    }

    @Test
    @Proves({"pcp:N-10", "rel:F-11"})
    void aServerThatStandsStillIsTakenForDeadAndComesBack() throws Exception {
        chain.home().open("TCP", PORT);
        long epoch = chain.epoch();
        int before = chain.cgn().printed();
        chain.server().stop();
        try {
            chain.cgn().await("has been silent for 3 s", before);
            stranger.nobodyAnswers(PORT);
            nothingImplicitIsMade();
        } finally {
            chain.server().signal("CONT");
        }
        Await.until("the CGN is unlocked again", () -> blocked() < 0);
        isServed();
        assertThat(chain.epoch()).as("the server has lost nothing").isGreaterThanOrEqualTo(epoch);
    }

    @Test
    @Proves({"pcp:N-03", "rel:F-10"})
    void aCgnThatIsKilledGetsAllBack() throws Exception {
        chain.home().open("TCP", PORT);
        int before = chain.server().printed();
        chain.cgn().kill();
        chain.server().await("does not answer", before);
        assertThat(chain.home()
                        .upnpc("-a", "192.168.1.10", "8081", "8081", "TCP")
                        .exitCode())
                .as("a new port while the CGN is away")
                .isNotZero();
        assertThat(chain.server().await("NETWORK_FAILURE", before)).contains("30 s");

        chain.startCgn();
        chain.server().await("has all mappings again", before);
        isServed();
        chain.home().open("TCP", 8082); // what was refused is not asked for again at once
    }

    /** The kernel goes on by the rules it has; the program finds its session over and makes all again. */
    @Test
    @Proves("pcp:N-10")
    void aCgnThatStandsStillGetsAllBack() throws Exception {
        chain.home().open("TCP", PORT);
        int before = chain.server().printed();
        int cgnBefore = chain.cgn().printed();
        chain.cgn().stop();
        try {
            chain.server().await("does not answer", before);
            isServed();
        } finally {
            chain.cgn().signal("CONT");
        }
        chain.cgn().await("its mappings are gone", cgnBefore);
        chain.server().await("has all mappings again", before);
        isServed();
    }
}
