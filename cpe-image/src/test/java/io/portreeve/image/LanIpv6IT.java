package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A control point that searches by IPv6 finds the gateway and reads it, and opens no port to an address that is not its own. */
class LanIpv6IT {

    @Test
    void theGatewayIsFoundByIpv6Too(@TempDir Path work) throws Exception {
        try (var chain = Chain.findableByIpv6(work)) {
            var status = upnpc6(chain, "-s");
            assertThat(status).contains("Found valid IGD : http://[fe80:", "ExternalIPAddress = 203.0.114.");

            assertThat(upnpc6(chain, "-a", "192.168.1.10", "8080", "8080", "TCP"))
                    .contains("failed with code 718");
            chain.home().upnpcSucceeds("-a", "192.168.1.10", "8080", "8080", "TCP");
            assertThat(upnpc6(chain, "-l")).as("what anybody may read").contains("8080->192.168.1.10:8080");
        }
    }

    private static String upnpc6(Chain chain, String... arguments) throws Exception {
        var words = Stream.concat(Stream.of("upnpc", "-6"), Stream.of(arguments));
        var result = chain.lab().inside("lan", words.toArray(String[]::new)).run();
        return result.output() + result.errors();
    }
}
