package io.portreeve.igd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.igd.daemon.LanAddresses.Families;
import io.portreeve.igd.ssdp.LanPrefix;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.testing.OwnNetwork;
import java.util.List;
import java.util.Optional;
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
        assertThat(interfaces.lan("lan0", Families.IPV4))
                .isEqualTo(new LanAddresses(Optional.of(prefix("192.168.1.1", 24)), List.of()));
    }

    @Test
    void ipv6AddressesAreAmongThemIfThatIsWanted() throws Exception {
        ip("address", "add", "192.168.1.1/24", "dev", "lan0");
        ip("address", "add", "fe80::1/64", "dev", "lan0", "nodad");
        ip("address", "add", "fd00:1::1/64", "dev", "lan0", "nodad");
        ip("address", "add", "fd00:2::1/128", "dev", "lan0", "nodad");
        var lan = Interfaces.read().lan("lan0", Families.IPV4_AND_IPV6);
        assertThat(lan.ipv4()).contains(prefix("192.168.1.1", 24));
        assertThat(lan.ipv6()).containsExactlyInAnyOrder(prefix("fe80::1", 64), prefix("fd00:1::1", 64));
    }

    private static LanPrefix prefix(String address, int length) {
        return new LanPrefix(PcpAddress.parse(address), length);
    }

    @Test
    void anInterfaceWithoutAnAddressIsThereAllTheSame() throws Exception {
        var interfaces = Interfaces.read();
        assertThat(interfaces.address("wan0")).isEmpty();
        assertThatThrownBy(() -> interfaces.lan("lan0", Families.IPV4_AND_IPV6))
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
