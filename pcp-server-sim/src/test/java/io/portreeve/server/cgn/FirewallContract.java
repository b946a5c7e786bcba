package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.CgnContract.assertFails;
import static io.portreeve.server.cgn.CgnContract.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every CGN does that translates nothing, as its PCP server may ask it. */
abstract class FirewallContract {
    static final SubscriberId ALICE = new SubscriberId(PcpAddress.parse("2001:db8:5::2"));
    static final SubscriberId BOB = new SubscriberId(PcpAddress.parse("2001:db8:5::3"));
    static final SubscriberId CAROL = new SubscriberId(PcpAddress.parse("100.64.0.2"));
    static final Endpoint HOST = new Endpoint(ALICE.address(), 8080);

    /** {@return the same one throughout a test} */
    abstract HostedCgn cgn();

    @Test
    void aSubscribersExternalAddressIsItsOwn() {
        for (var id : List.of(ALICE, CAROL)) {
            var subscriber = done(cgn().getSubscriber(id));
            assertThat(subscriber.external()).isEqualTo(id.address());
            assertThat(done(cgn().createSubscriber(id, id.address()))).isEqualTo(subscriber);
            assertThat(done(cgn().createSubscriber(id, id.address().anyOfFamily())))
                    .isEqualTo(subscriber);
        }
        assertFails(cgn().createSubscriber(ALICE, BOB.address()), CgnError.BAD_EXTERNAL_ADDRESS);
        assertFails(cgn().createSubscriber(ALICE, PcpAddress.ANY_IPV4), CgnError.NO_RESOURCES);
        assertFails(cgn().createSubscriber(CAROL, PcpAddress.ANY_IPV6), CgnError.NO_RESOURCES);
    }

    @Test
    void whoIsBlockedIsNotAuthorized() {
        cgn().block(ALICE);
        assertFails(cgn().getSubscriber(ALICE), CgnError.NOT_AUTHORIZED);
    }

    @Test
    void aMappingChangesNeitherAddressNorPort() {
        var alice = done(cgn().getSubscriber(ALICE));
        for (var other : List.of(new Endpoint(BOB.address(), 8080), new Endpoint(ALICE.address(), 8081))) {
            var changed = new CgnMapping(alice.handle(), IpProtocol.SCTP, HOST, other);
            assertFails(cgn().createPcpMapping(changed), CgnError.BAD_EXTERNAL_ADDRESS);
        }
        var wanted = new CgnMapping(alice.handle(), IpProtocol.SCTP, HOST, HOST);
        var handle = done(cgn().createPcpMapping(wanted));
        assertThat(done(cgn().createPcpMapping(wanted))).isEqualTo(handle);
        assertThat(cgn().table()).containsExactly(new LocalCgn.Entry(ALICE, wanted));
        done(cgn().deletePcpMapping(handle));
        assertFails(cgn().deletePcpMapping(handle), CgnError.INVALID_ARGUMENT);
        assertThat(cgn().table()).isEmpty();
    }

    @Test
    void aMappingLeadsToNoOtherSubscriber() {
        var alice = done(cgn().getSubscriber(ALICE));
        done(cgn().getSubscriber(BOB));
        var bobs = new Endpoint(BOB.address(), 8080);
        assertFails(
                cgn().createPcpMapping(new CgnMapping(alice.handle(), IpProtocol.TCP, bobs, bobs)),
                CgnError.NOT_AUTHORIZED);
    }

    @Test
    void aFilterIsOfTheFamilyOfItsMapping() {
        var alice = done(cgn().getSubscriber(ALICE));
        var mapping = done(cgn().createPcpMapping(new CgnMapping(alice.handle(), IpProtocol.TCP, HOST, HOST)));
        var ipv4 = new CgnFilter(128, CAROL.address(), 0);
        assertFails(cgn().createFilter(mapping, ipv4), CgnError.INVALID_ARGUMENT);
        var filter = done(cgn().createFilter(mapping, new CgnFilter(64, BOB.address(), 0)));
        assertFails(cgn().replaceFilter(filter, ipv4), CgnError.INVALID_ARGUMENT);
    }

    @Test
    void aDeletedSubscriberIsToldWithItsMappingsGone() {
        var deleted = new ArrayList<SubscriberHandle>();
        cgn().onDeletedSubscriber(deleted::add);
        var alice = done(cgn().getSubscriber(ALICE));
        var handle = done(cgn().createPcpMapping(new CgnMapping(alice.handle(), IpProtocol.TCP, HOST, HOST)));
        done(cgn().deleteSubscriber(ALICE));
        assertThat(deleted).containsExactly(alice.handle());
        assertThat(cgn().table()).isEmpty();
        assertFails(cgn().deletePcpMapping(handle), CgnError.INVALID_ARGUMENT);
    }

    @Test
    void theServersEndTakesItsMappings() {
        var alice = done(cgn().getSubscriber(ALICE));
        done(cgn().createPcpMapping(new CgnMapping(alice.handle(), IpProtocol.TCP, HOST, HOST)));
        done(cgn().flush());
        assertThat(cgn().table()).isEmpty();
        assertThat(done(cgn().getSubscriber(ALICE))).isEqualTo(alice);
    }
}
