package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.CgnContract.FIRST;
import static io.portreeve.server.cgn.CgnContract.HOST;
import static io.portreeve.server.cgn.CgnContract.SECOND;
import static io.portreeve.server.cgn.CgnContract.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.softwire.InnerHost;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class DsLiteImplicitTest extends ImplicitContract {
    private final DsLiteWorld world = new DsLiteWorld();

    @Override
    CgnWorld world() {
        return world;
    }

    @Override
    boolean givesOnePortToAllTraffic() {
        return true;
    }

    private static Endpoint at(int host) {
        return new Endpoint(PcpAddress.parse("192.168.1." + host), 5000);
    }

    @Test
    void allHostsOfAHomeHaveItsExternalAddress() {
        done(world.cgn.unlockDynamic());
        var home = done(world.cgn.getSubscriber(DsLiteWorld.BOB));
        assertThat(IntStream.rangeClosed(1, DsLiteWorld.HOSTS_PER_HOME)
                        .mapToObj(host ->
                                world.outbound(DsLiteWorld.BOB, at(host), PEER).orElseThrow()))
                .extracting(Endpoint::address)
                .containsOnly(home.external());
    }

    /** One who never asked has the address that it will have when it asks. */
    @Test
    void whoHasOnlySentKeepsItsExternalAddressWhenItAsks() {
        done(world.cgn.unlockDynamic());
        var before = world.outbound(DsLiteWorld.BOB, HOST, PEER).orElseThrow();
        assertThat(done(world.cgn.getSubscriber(DsLiteWorld.BOB)).external()).isEqualTo(before.address());
        assertThat(world.outbound(DsLiteWorld.BOB, HOST, PEER)).contains(before);
    }

    /** As when the operator gives it another one, and it never stops sending. */
    @Test
    void whoHasOnlySentMovesToTheAddressThatIsEnforced() {
        done(world.cgn.unlockDynamic());
        var before = world.outbound(DsLiteWorld.BOB, HOST, PEER).orElseThrow();
        var other = before.address().equals(FIRST) ? SECOND : FIRST;
        done(world.cgn.createSubscriber(DsLiteWorld.BOB, other));
        assertThat(world.outbound(DsLiteWorld.BOB, HOST, PEER))
                .hasValueSatisfying(after -> assertThat(after.address()).isEqualTo(other));
        assertThat(world.arrival(PEER, before)).as("nobody has what it had").isEmpty();
    }

    @Test
    void equalAddressesInTwoHomesAreTwoHosts() {
        done(world.cgn.unlockDynamic());
        var hers = world.outbound(DsLiteWorld.ALICE, HOST, PEER).orElseThrow();
        var his = world.outbound(DsLiteWorld.BOB, HOST, PEER).orElseThrow();
        assertThat(hers).isNotEqualTo(his);
        assertThat(world.arrival(PEER, hers)).contains(new InnerHost(DsLiteWorld.ALICE.address(), HOST.address()));
        assertThat(world.arrival(PEER, his)).contains(new InnerHost(DsLiteWorld.BOB.address(), HOST.address()));
    }

    @Test
    void aHomeThatIsBlockedGetsNoNewHosts() {
        done(world.cgn.unlockDynamic());
        world.block(DsLiteWorld.BOB);
        assertThat(world.outbound(DsLiteWorld.BOB, HOST, PEER)).isEmpty();
    }
}
