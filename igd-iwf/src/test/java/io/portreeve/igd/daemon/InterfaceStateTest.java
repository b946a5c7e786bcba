package io.portreeve.igd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.net.InterfaceAddress;
import io.portreeve.client.net.InterfaceAddress.Scope;
import io.portreeve.client.net.Link;
import io.portreeve.client.net.Link.Property;
import io.portreeve.client.net.NetworkState;
import io.portreeve.igd.ssdp.LanPrefix;
import io.portreeve.pcp.PcpAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InterfaceStateTest {
    private static final int WAN = 7;
    private static final PcpAddress FIRST = PcpAddress.parse("100.64.0.2");
    private static final PcpAddress SECOND = PcpAddress.parse("100.64.0.22");

    private static InterfaceAddress address(int index, String address, int prefixLength, Scope scope) {
        return new InterfaceAddress(index, PcpAddress.parse(address), prefixLength, scope, Set.of(), Optional.empty());
    }

    private static InterfaceState of(Set<Property> properties, InterfaceAddress... addresses) {
        var links =
                List.of(new Link(6, "lan0", Set.of(Property.UP, Property.RUNNING)), new Link(WAN, "wan0", properties));
        return InterfaceState.of("wan0", new NetworkState(links, List.of(addresses), List.of()));
    }

    private static InterfaceState of(InterfaceAddress... addresses) {
        return of(Set.of(Property.UP, Property.RUNNING), addresses);
    }

    private static InterfaceAddress global(String address) {
        return address(WAN, address, 24, Scope.GLOBAL);
    }

    @Test
    void keepsItsAddressForAsLongAsItHasIt() {
        var both = of(global("100.64.0.2"), global("100.64.0.22"));
        assertThat(both.address(Optional.of(SECOND))).contains(SECOND);
        assertThat(both.address(Optional.of(FIRST))).contains(FIRST);
        assertThat(of(global("100.64.0.2")).address(Optional.of(SECOND))).contains(FIRST);
        assertThat(both.address(Optional.empty())).contains(FIRST);
        assertThat(of().address(Optional.of(FIRST))).isEmpty();
    }

    @Test
    void hasTheAddressesThatCountElsewhereAndNoOthers() {
        var none = of(
                address(6, "192.168.1.1", 24, Scope.GLOBAL),
                address(WAN, "169.254.7.7", 16, Scope.LINK),
                address(WAN, "2001:db8::2", 64, Scope.GLOBAL));
        assertThat(none.address(Optional.empty())).isEmpty();
    }

    @Test
    void isALanOnlyIfThereIsRoomForHosts() {
        var pointToPoint = address(WAN, "10.0.0.1", 32, Scope.GLOBAL);
        assertThat(of(pointToPoint).prefix(Optional.empty())).isEmpty();
        assertThat(of(pointToPoint, global("100.64.0.2")).prefix(Optional.empty()))
                .contains(new LanPrefix(FIRST, 24));
    }

    @Test
    void carriesNothingIfItIsSwitchedOffOrUnpluggedOrGone() {
        assertThat(of().carries()).isTrue();
        assertThat(of(Set.of(Property.UP)).carries()).isFalse();
        assertThat(of(Set.of(Property.RUNNING)).carries()).isFalse();
        var gone = InterfaceState.of("wan0", new NetworkState(List.of(), List.of(global("100.64.0.2")), List.of()));
        assertThat(gone.carries()).isFalse();
        assertThat(gone.address(Optional.empty())).isEmpty();
    }
}
