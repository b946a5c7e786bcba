package io.portreeve.pcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A table of mappings is as fast as their hashes are different, and subscribers are neighbours. */
class AddressHashTest {
    private record Place(PcpAddress subscriber, IpProtocol protocol, PcpAddress address, int port) {}

    @Test
    void neighboursWithPortsInARowHaveHashesOfTheirOwn() {
        Set<Integer> hashes = new HashSet<>();
        int places = 0;
        for (int host = 0; host < 64; host++) {
            var address = PcpAddress.ofIpv4(0x6440_0002 + host);
            for (int port = 1024; port < 2048; port++) {
                hashes.add(new Place(address, IpProtocol.TCP, address, port).hashCode());
                places++;
            }
        }
        assertThat(hashes.size()).isGreaterThan(places * 99 / 100);
    }

    @Test
    void neighboursOfIpv6Too() {
        Set<Integer> hashes = new HashSet<>();
        for (int host = 0; host < 65_536; host++) {
            hashes.add(new PcpAddress(0x2001_0DB8L << 32, host).hashCode());
            hashes.add(new PcpAddress((0x2001_0DB8L << 32) + host, 1).hashCode());
        }
        assertThat(hashes.size()).isGreaterThan(2 * 65_536 * 99 / 100);
    }
}
