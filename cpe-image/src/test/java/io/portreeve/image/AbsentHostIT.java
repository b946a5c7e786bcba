package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.testing.Await;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a host had opened is closed when it has long been unplugged, and what another has opened is not. */
class AbsentHostIT {

    @Test
    void theUnpluggedHostLosesItsPortsAlone(@TempDir Path work) throws Exception {
        try (var chain = Chain.impatient(work)) {
            var lab = chain.lab();
            chain.home().upnpcSucceeds("-a", "192.168.1.10", "8080", "8080", "TCP");
            assertThat(chain.home()
                            .upnpcOn("lan2", "-a", "192.168.1.11", "9090", "9090", "TCP")
                            .exitCode())
                    .isZero();
            assertThat(chain.cgnTable()).hasSize(2);

            lab.inside("lan2", "ip", "link", "set", "eth0", "down").succeed();
            lab.inside("cpe", "ip", "neigh", "flush", "dev", "lan0").succeed();

            Await.until("the port of the unplugged host is closed", () -> {
                chain.home().search(); // the other one is there
                return chain.cgnTable().size() == 1;
            });
            assertThat(chain.cgnTable()).containsExactly("TCP 192.168.1.10:8080 203.0.114.1:8080");
            chain.agrees();
        }
    }
}
