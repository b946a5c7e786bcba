package io.portreeve.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.PcpAddress;
import java.net.Inet6Address;
import org.junit.jupiter.api.Test;

class ServerAddressTest {
    private static final PcpAddress LINK_LOCAL = PcpAddress.parse("fe80::1");
    private static final PcpAddress GLOBAL = PcpAddress.parse("2001:db8::1");

    @Test
    void aLinkLocalAddressNeedsItsLink() {
        assertThat(new ServerAddress(LINK_LOCAL, 7, 5351)).hasToString("[fe80:0:0:0:0:0:0:1%7]:5351");
        assertThatThrownBy(() -> new ServerAddress(LINK_LOCAL, 0, 5351))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("interface 0");
    }

    @Test
    void noOtherHasOne() {
        assertThat(new ServerAddress(GLOBAL, 0, 5351)).hasToString("[2001:db8:0:0:0:0:0:1]:5351");
        assertThatThrownBy(() -> new ServerAddress(GLOBAL, 7, 5351)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsHeardOnALinkIsItsOnlyIfItIsLinkLocal() {
        assertThat(ServerAddress.on(7, LINK_LOCAL, 5351)).isEqualTo(new ServerAddress(LINK_LOCAL, 7, 5351));
        assertThat(ServerAddress.on(7, GLOBAL, 5351)).isEqualTo(new ServerAddress(GLOBAL, 0, 5351));
    }

    @Test
    void theSocketIsToldTheLink() {
        var socketAddress = new ServerAddress(LINK_LOCAL, 7, 5351).toSocketAddress();
        assertThat(((Inet6Address) socketAddress.getAddress()).getScopeId()).isEqualTo(7);
        assertThat(socketAddress.getPort()).isEqualTo(5351);
    }
}
