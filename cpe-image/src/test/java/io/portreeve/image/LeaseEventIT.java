package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
import io.portreeve.testing.Await;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseEventIT {

    /** A host that moves has told its DHCP server that it leaves; what it had opened must not lead to the next one there. */
    @Test
    @Proves({"igd:I-IWFR-06", "pcp:I-10"})
    void whatAHostHadOpenedClosesWhenItGivesBackItsAddress(@TempDir Path work) throws Exception {
        try (var chain = Chain.translating(work)) {
            var home = chain.home();
            home.open("TCP", 8080);
            home.open("UDP", 3074);
            home.succeeded(home.upnpcOn("lan2", "-a", "192.168.1.11", "9090", "9090", "TCP"));
            assertThat(chain.cgnTable()).hasSize(3);

            home.leaseEvent("lease4_release", "192.168.1.10");

            Await.until(
                    "only the other host's port is open",
                    () -> chain.cgnTable().equals(List.of("TCP 100.64.0.2:9090 203.0.114.1:9090")));
            assertThat(home.entries()).hasSize(1).allMatch(entry -> entry.contains("192.168.1.11:9090"));
            chain.agrees();
        }
    }
}
