package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** miniupnpc's upnpc, and the small control point that stands in for it, open ports through the whole chain. */
class UpnpcIT {
    private static final String JAVA = System.getProperty("java.home") + "/bin/java";
    private static final String OWN_CLASSES = Path.of(System.getProperty("portreeve.home"))
                    .resolveSibling("classes") + ":" + System.getProperty("portreeve.home") + "/lib/*";

    private static Chain chain;

    /** Before the gateway had any port mapping. */
    private static String firstStatus;

    @BeforeAll
    static void start(@TempDir Path work) throws Exception {
        chain = Chain.routing(work);
        firstStatus = chain.home().search();
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
    void closeAllPorts() throws Exception {
        chain.home().closePorts();
        assertThat(chain.cgnTable()).isEmpty();
    }

    @Test
    @Proves({"igd:Q-02", "igd:I-DESC-03", "igd:I-EXTIP-03", "igd:I-IWFM-06"})
    void findsAConnectedGatewayFromTheFirstMinute() throws Exception {
        assertThat(chain.server().lines().get(1)).as("the sentinel").contains("UDP 9, wants any external port");
        assertThat(firstStatus)
                .contains("Found valid IGD : http://192.168.1.1:49200/", "Status : Connected")
                .contains("ExternalIPAddress = 203.0.114.1\n");
        assertThat(chain.home().entries()).isEmpty();

        int before = chain.server().printed();
        chain.home().upnpcSucceeds("-a", "192.168.1.10", "8080", "8080", "TCP");
        chain.server().await("delete UDP 9 -> SUCCESS", before);
        assertThat(chain.home().upnpcSucceeds("-s")).contains("ExternalIPAddress = 203.0.114.1\n");
    }

    @Test
    @Proves({"igd:I-ADD-02", "igd:I-GEN-01"})
    void opensListsAndClosesPorts() throws Exception {
        assertThat(chain.home().upnpcSucceeds("-e", "cam", "-a", "192.168.1.10", "8080", "8080", "TCP"))
                .contains("external 203.0.114.1:8080 TCP is redirected to internal 192.168.1.10:8080");
        chain.home().upnpcSucceeds("-e", "game", "-a", "192.168.1.10", "3074", "3074", "UDP");
        chain.home().upnpcSucceeds("-e", "web", "-a", "192.168.1.10", "80", "8000", "TCP");
        chain.home().upnpcSucceeds("-e", "new game", "-a", "192.168.1.10", "3074", "3074", "UDP");

        assertThat(chain.cgnTable())
                .containsExactlyInAnyOrder(
                        "TCP 192.168.1.10:8080 203.0.114.1:8080",
                        "UDP 192.168.1.10:3074 203.0.114.1:3074",
                        "TCP 192.168.1.10:80 203.0.114.1:8000");
        assertThat(chain.home().entries())
                .containsExactly(
                        "0 TCP 8080->192.168.1.10:8080 'cam' '' 0",
                        "1 UDP 3074->192.168.1.10:3074 'new game' '' 0",
                        "2 TCP 8000->192.168.1.10:80 'web' '' 0");

        chain.home().upnpcSucceeds("-d", "3074", "UDP");
        assertThat(chain.cgnTable())
                .containsExactlyInAnyOrder(
                        "TCP 192.168.1.10:8080 203.0.114.1:8080", "TCP 192.168.1.10:80 203.0.114.1:8000");
        assertThat(chain.home().entries())
                .containsExactly("0 TCP 8080->192.168.1.10:8080 'cam' '' 0", "1 TCP 8000->192.168.1.10:80 'web' '' 0");
        assertThat(chain.home().upnpcSucceeds("-l"))
                .contains("GetGenericPortMappingEntry() returned 713 (SpecifiedArrayIndexInvalid)");
    }

    @Test
    @Proves("igd:I-ADD-05")
    void keepsTheHostsOfAHomeApart() throws Exception {
        int before = chain.server().printed();
        chain.home().upnpcSucceeds("-a", "192.168.1.10", "8080", "8080", "TCP");

        var add = chain.home().upnpcOn("lan2", "-a", "192.168.1.11", "8080", "8080", "TCP");
        assertThat(add.exitCode()).isNotZero();
        assertThat(add.output())
                .contains("Local LAN ip address : 192.168.1.11")
                .contains("failed with code 718 (ConflictInMappingEntry)");
        assertThat(chain.home().upnpcOn("lan2", "-d", "8080", "TCP").output()).contains("failed with code : 714");

        chain.home().succeeded(chain.home().upnpcOn("lan2", "-a", "192.168.1.11", "8081", "8081", "TCP"));
        chain.home().succeeded(chain.home().upnpcOn("lan2", "-d", "8081", "TCP"));

        chain.server().await("192.168.1.11: delete TCP 8081", before);
        assertThat(chain.server().lines().stream().skip(before))
                .as("what the server was asked for the second host")
                .filteredOn(line -> line.contains("192.168.1.11"))
                .hasSize(2)
                .allMatch(line -> line.contains("TCP 8081"));
        assertThat(chain.cgnTable()).containsExactly("TCP 192.168.1.10:8080 203.0.114.1:8080");
    }

    @Test
    void aControlPointOfOurOwnOpensListsAndClosesAPort() throws Exception {
        var add = ownControlPoint("add", "192.168.1.10", "8080", "8080", "TCP", "a <door> & more");
        assertThat(add).contains("external 203.0.114.1:8080 TCP is redirected to internal 192.168.1.10:8080");
        assertThat(chain.cgnTable()).containsExactly("TCP 192.168.1.10:8080 203.0.114.1:8080");

        assertThat(ownControlPoint("list"))
                .contains("ExternalIPAddress = 203.0.114.1")
                .contains("8080->192.168.1.10:8080 'a <door> & more' 0 s");

        assertThat(ownControlPoint("delete", "8080", "TCP")).contains("closed 8080 TCP");
        assertThat(chain.cgnTable()).isEmpty();
    }

    private String ownControlPoint(String... arguments) throws Exception {
        var program = List.of(JAVA, "-cp", OWN_CLASSES, "io.portreeve.demo.ControlPoint");
        var result = chain.home()
                .onLan(Stream.concat(program.stream(), Stream.of(arguments)).toArray(String[]::new));
        assertThat(result.exitCode()).as("%s", result).isZero();
        return result.output();
    }
}
