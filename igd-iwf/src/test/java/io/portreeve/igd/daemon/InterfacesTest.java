package io.portreeve.igd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.igd.ssdp.LanPrefix;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.testing.OwnNetwork;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OwnNetwork.class)
class InterfacesTest {

    @BeforeEach
    void twoInterfaces() throws Exception {
        ip("link", "add", "lan0", "type", "veth", "peer", "name", "wan0");
    }

    private static void ip(String... words) throws Exception {
        var command = Stream.concat(Stream.of("ip"), Stream.of(words)).toList();
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    @Test
    void theAddressesAreThoseThatCountLater() throws Exception {
        ip("address", "add", "100.64.0.2/24", "dev", "wan0");
        ip("address", "add", "169.254.7.7/16", "dev", "wan0", "scope", "link");
        ip("address", "add", "192.168.1.1/24", "dev", "lan0");
        ip("address", "add", "10.0.0.1/32", "dev", "lan0");
        var interfaces = Interfaces.read();
        assertThat(interfaces.address("wan0")).contains(PcpAddress.parse("100.64.0.2"));
        assertThat(interfaces.prefix("lan0")).isEqualTo(new LanPrefix(PcpAddress.parse("192.168.1.1"), 24));
    }

    @Test
    void anInterfaceWithoutAnAddressIsThereAllTheSame() throws Exception {
        var interfaces = Interfaces.read();
        assertThat(interfaces.address("wan0")).isEmpty();
        assertThatThrownBy(() -> interfaces.prefix("lan0"))
                .isInstanceOf(StartException.class)
                .hasMessage("network interface lan0 has no IPv4 address yet of a network with room for hosts");
    }

    @Test
    void anInterfaceThatIsNotThere() throws Exception {
        var interfaces = Interfaces.read();
        assertThatThrownBy(() -> interfaces.address("wan9"))
                .isInstanceOf(StartException.class)
                .hasMessage("there is no network interface wan9; 'ip link' shows those there are");
    }
}
