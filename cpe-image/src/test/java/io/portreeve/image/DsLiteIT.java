package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
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
}
