package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where there is no provider to ask the gateway is like any other: its own NAT opens the ports, and its address is the public one. */
class LocalIT {
    private static final String PUBLIC = "203.0.114.66";

    @TempDir
    private Path work;

    private Lab lab;

    @BeforeEach
    void makeLab() throws Exception {
        lab = new Lab();
    }

    @AfterEach
    void removeLab() throws Exception {
        lab.close();
    }

    private void run(String namespace, String... words) throws Exception {
        var result = lab.inside(namespace, words).run();
        assertThat(result.exitCode()).as("%s", result).isZero();
    }

    @Test
    void aGatewayWithAPublicAddressAsksNobody() throws Exception {
        run("cpe", "ip", "address", "replace", PUBLIC + "/25", "dev", "wan0");
        run("cpe", "ip", "address", "delete", "100.64.0.2/24", "dev", "wan0");
        run("cgn", "ip", "address", "add", "203.0.114.65/25", "dev", "access0");
        try (var home = new Home(lab, "cpe", "lan", work.resolve("gateway.conf"), "pcp-server = 100.64.0.1");
                var _ = new TcpService(lab.host("lan"), 80)) {
            home.gateway().await("ports are opened on this gateway alone: its WAN address " + PUBLIC + " is public");
            assertThat(home.search()).contains("Found valid IGD", "ExternalIPAddress = " + PUBLIC);

            home.upnpcSucceeds("-a", "192.168.1.10", "80", "8080", "TCP");
            try (var neighbour = lab.host("lan2").connect(PUBLIC, 8080);
                    var connection = lab.host("cgn").connect(PUBLIC, 8080)) {
                assertThat(TcpService.ask(connection, "hello")).startsWith("hello from /203.0.114.65:");
                assertThat(TcpService.ask(neighbour, "hello")).startsWith("hello from /192.168.1.1:");
            }
            assertThat(lab.hasPcpClient("cpe")).isFalse();
            lab.agrees(work);
            home.closePorts();
            lab.agrees(work);
        }
    }

    @Test
    @Proves("pcp:I-09")
    void aGatewayWithoutAProviderSaysWhatItCannotDo() throws Exception {
        try (var gateway = Home.gateway(lab, "cpe", work.resolve("gateway.conf"), "");
                var _ = new TcpService(lab.host("lan"), 80)) {
            gateway.await("is not public, so nobody on the Internet reaches them");
            // upnpc does not believe in such an address, and is told to go on.
            run("lan", "upnpc", "-i", "-a", "192.168.1.10", "80", "8080", "TCP");
            try (var connection = lab.host("cgn").connect("100.64.0.2", 8080)) {
                assertThat(TcpService.ask(connection, "hello")).startsWith("hello from /100.64.0.1:");
            }
            assertThat(lab.hasPcpClient("cpe")).isFalse();
            lab.agrees(work);
        }
    }
}
