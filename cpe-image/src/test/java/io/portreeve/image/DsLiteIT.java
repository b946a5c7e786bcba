package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.server.softwire.B4;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A home whose IPv4 goes through a tunnel: the gateway translates nothing, and asks for its hosts by IPv6. RFC 6333. */
class DsLiteIT {

    @Test
    @Proves({"igd:I-IWFN-01", "igd:F-05"})
    void asksByIpv6ForItsHostsAndAgainFromAnotherAddress(@TempDir Path work) throws Exception {
        try (var chain = Chain.behindTunnelEnd(work)) {
            chain.home().upnpcSucceeds("-e", "cam", "-a", "192.168.1.10", "8080", "8080", "TCP");
            chain.home().upnpcSucceeds("-e", "game", "-a", "192.168.1.10", "3074", "3074", "UDP");
            var entries = chain.home().entries();
            assertThat(entries).hasSize(2);
            chain.server().await("MAP from 2001:db8:64:0:0:0:0:2 for 192.168.1.10: TCP 8080");
            chain.server().await("MAP from 2001:db8:64:0:0:0:0:2 for 192.168.1.10: UDP 3074");

            int before = chain.server().printed();
            chain.lab()
                    .inside("cpe", "ip", "address", "add", "2001:db8:64::22/64", "dev", "wan0", "nodad")
                    .succeed();
            chain.lab()
                    .inside("cpe", "ip", "address", "delete", "2001:db8:64::2/64", "dev", "wan0")
                    .succeed();

            chain.server().await("MAP from 2001:db8:64:0:0:0:0:22 for 192.168.1.10: TCP 8080", before);
            chain.server().await("MAP from 2001:db8:64:0:0:0:0:22 for 192.168.1.10: UDP 3074", before);
            assertThat(chain.home().entries()).isEqualTo(entries);
        }
    }

    /** {@return the tunnel of a gateway, into which all goes that has no other way} */
    private static B4 tunnel(Lab lab, String gateway, String address) throws Exception {
        var b4 = lab.host(gateway)
                .inside(() -> B4.open(PcpAddress.parse(address), PcpAddress.parse("2001:db8:64::1"), "tunnel0"));
        lab.inside(gateway, "ip", "link", "set", "tunnel0", "mtu", "1460", "up").succeed();
        lab.inside(gateway, "ip", "route", "replace", "default", "dev", "tunnel0")
                .succeed();
        return b4;
    }

    /** What came from the Internet must have come through the tunnels: between homes and provider is no other IPv4. */
    private static void assertReachesBoth(Stranger stranger, TcpService ours, TcpService theirs) throws Exception {
        try (var toUs = stranger.connect(8080);
                var toThem = stranger.connect(8081)) {
            assertThat(TcpService.ask(toUs, "us")).startsWith("us from /" + Stranger.ADDRESS);
            assertThat(TcpService.ask(toThem, "them")).startsWith("them from /" + Stranger.ADDRESS);
        }
        assertThat(ours.received()).containsOnly("us");
        assertThat(theirs.received()).containsOnly("them");
    }

    @Test
    void theSameHostOfTwoHomesHasAPortInEach(@TempDir Path work) throws Exception {
        try (var chain = Chain.withTunnels(work);
                var _ = tunnel(chain.lab(), "cpe", "2001:db8:64::2");
                var _ = tunnel(chain.lab(), "cpe2", "2001:db8:64::3");
                var ours = new TcpService(chain.lab().host("lan"), 8080);
                var theirs = new TcpService(chain.lab().host("home2"), 8080)) {
            var stranger = new Stranger(chain.lab());
            stranger.nobodyAnswers(8080);
            chain.home().open("TCP", 8080);
            chain.secondHome().upnpcSucceeds("-a", "192.168.1.10", "8080", "8081", "TCP");
            assertReachesBoth(stranger, ours, theirs);

            chain.server().kill();
            chain.startServer();
            assertReachesBoth(stranger, ours, theirs);

            chain.home().upnpcSucceeds("-d", "8080", "TCP");
            stranger.nobodyAnswers(8080);
        }
    }
}
