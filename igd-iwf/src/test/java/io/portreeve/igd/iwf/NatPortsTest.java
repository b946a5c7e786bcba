package io.portreeve.igd.iwf;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class NatPortsTest {
    private final NatPorts ports = new NatPorts(IwfPolicy.TRANSLATING);

    private static PortMapping mapping(IpProtocol protocol, int externalPort, OptionalInt natPort) {
        var key = new PortMappingKey(Optional.empty(), externalPort, protocol);
        return new PortMapping(key, 80, Lockstep.HOST, "", new Lease.Infinite(), natPort, PortChoice.EXACTLY);
    }

    private static PortMapping udp(int externalPort) {
        return mapping(IpProtocol.UDP, externalPort, OptionalInt.empty());
    }

    private static PortMapping udp(int externalPort, int natPort) {
        return mapping(IpProtocol.UDP, externalPort, OptionalInt.of(natPort));
    }

    private Optional<Integer> reserved(PortMapping wanted) {
        return ports.reserve(wanted).map(it -> it.natPort().getAsInt());
    }

    @Test
    void areThoseThatAreWantedOutside() {
        assertThat(reserved(udp(41_969))).contains(41_969);
        assertThat(reserved(udp(65_535))).contains(65_535);
        assertThat(reserved(mapping(IpProtocol.TCP, 41_969, OptionalInt.empty())))
                .as("another protocol's ports are others")
                .contains(41_969);
    }

    @Test
    void avoidThoseOfTheGatewayItself() {
        assertThat(reserved(udp(5351))).contains(1024);
        assertThat(reserved(udp(5350))).contains(1025);
        assertThat(reserved(udp(1024))).as("given to another already").contains(1026);
        assertThat(reserved(mapping(IpProtocol.TCP, 5351, OptionalInt.empty()))).contains(5351);
    }

    @Test
    void areFreeAgainWhenReleased() {
        var held = ports.reserve(udp(2000)).orElseThrow();
        assertThat(reserved(udp(2000))).contains(1024);
        ports.release(held);
        assertThat(reserved(udp(2000))).contains(2000);
    }

    @Test
    void areNotGivenOutWhileTheirOldRuleStands() {
        var held = ports.reserve(udp(2000)).orElseThrow();
        ports.retire(held);
        ports.release(held);
        assertThat(reserved(udp(2000))).contains(1024);
    }

    @Test
    void canRunOut() {
        for (int port = 1024; port <= 65_535; port++) {
            ports.reserve(udp(port));
        }
        assertThat(ports.reserve(udp(2000))).isEmpty();
        assertThat(ports.reserve(mapping(IpProtocol.TCP, 2000, OptionalInt.empty())))
                .isPresent();
    }

    @Test
    void areKeptOverARestart() {
        assertThat(ports.restore(List.of(udp(3000), udp(2000, 3000), udp(4000, 3000), udp(5000, 5351))))
                .as("first those that have one, then those that need one; one that is not theirs is none")
                .containsExactly(udp(3000, 1024), udp(2000, 3000), udp(4000, 4000), udp(5000, 5000));
    }

    @Test
    void areNotNeededByAGatewayThatOnlyRoutes() {
        var none = new NatPorts(IwfPolicy.ROUTING);
        assertThat(none.reserve(udp(2000))).contains(udp(2000));
        assertThat(none.reserve(udp(2000))).contains(udp(2000));
        assertThat(none.restore(List.of(udp(2000, 2000)))).containsExactly(udp(2000));
    }
}
