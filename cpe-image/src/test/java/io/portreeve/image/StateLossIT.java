package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.testing.Await;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many gateways keep their state in memory: a power cut takes it, while the provider remembers until its grants end. */
class StateLossIT {

    @Test
    void theGatewayLosesItsState(@TempDir Path work) throws Exception {
        try (var chain = Chain.translating(work, "max-lifetime = 6 s")) {
            assertThat(chain.server().lines()).anyMatch(line -> line.contains("UDP 9, wants any external port"));
            chain.home().gateway().kill();
            chain.deleteGatewayState();
            chain.home().startGateway();

            assertThat(chain.home().search()).contains("Found valid IGD", "ExternalIPAddress = 203.0.114.1\n");
            chain.home().upnpcSucceeds("-a", "192.168.1.10", "8080", "8080", "TCP");

            chain.home().gateway().kill();
            chain.deleteGatewayState();
            chain.home().startGateway();
            assertThat(chain.lab()
                            .inside("cpe", "nft", "list", "map", "ip", "portreeve_nat", "inbound")
                            .run()
                            .output())
                    .doesNotContain("8080");
            Await.until(
                    "the grants nobody knows any more end",
                    () -> chain.cgnTable().isEmpty());
            chain.agrees();
        }
    }
}
