package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.CgnContract.HOST;
import static io.portreeve.server.cgn.CgnContract.assertFails;
import static io.portreeve.server.cgn.CgnContract.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every CGN does with the filters of explicit mappings. */
abstract class FilterContract {
    static final Endpoint FRIEND = new Endpoint(PcpAddress.parse("198.51.100.10"), 7000);
    static final Endpoint STRANGER = new Endpoint(PcpAddress.parse("198.51.100.11"), 7000);
    static final CgnFilter FRIEND_ONLY = new CgnFilter(128, FRIEND.address(), 0);
    static final CgnFilter STRANGER_ONLY = new CgnFilter(128, STRANGER.address(), 0);
    static final CgnFilter BOTH = new CgnFilter(96 + 24, FRIEND.address(), 0);

    private Endpoint external;
    private CgnMapping mapped;
    private PcpMapHandle mapping;

    /** {@return the same one throughout a test} */
    abstract CgnWorld world();

    private Cgn cgn() {
        return world().cgn();
    }

    @BeforeEach
    void map() throws Exception {
        var alice = done(cgn().getSubscriber(world().alice()));
        done(cgn().unlockDynamic());
        external = new Endpoint(alice.external(), 2001);
        mapped = new CgnMapping(alice.handle(), IpProtocol.UDP, HOST, external);
        mapping = done(cgn().createPcpMapping(mapped));
    }

    private boolean admits(Endpoint remote) {
        return world().inbound(remote, external, HOST);
    }

    private static Endpoint withPort(Endpoint endpoint, int port) {
        return new Endpoint(endpoint.address(), port);
    }

    @Test
    void withoutAFilterEverybodyIsLetIn() {
        assertThat(admits(FRIEND)).isTrue();
        assertThat(admits(STRANGER)).isTrue();
    }

    @Test
    void anAddressLetsItsPortsIn() {
        done(cgn().createFilter(mapping, FRIEND_ONLY));
        assertThat(admits(FRIEND)).isTrue();
        assertThat(admits(withPort(FRIEND, 7001))).isTrue();
        assertThat(admits(STRANGER)).isFalse();
    }

    @Test
    void aPortIsAsked() {
        done(cgn().createFilter(mapping, new CgnFilter(128, FRIEND.address(), FRIEND.port())));
        assertThat(admits(FRIEND)).isTrue();
        assertThat(admits(withPort(FRIEND, 7001))).isFalse();
        assertThat(admits(STRANGER)).isFalse();
    }

    /** 198.51.100.10 and 11 differ in the last bit. */
    @Test
    void aPrefixLetsInWhoSharesIt() {
        var filter = done(cgn().createFilter(mapping, new CgnFilter(127, STRANGER.address(), 0)));
        assertThat(admits(FRIEND)).isTrue();
        assertThat(admits(STRANGER)).isTrue();
        done(cgn().replaceFilter(filter, new CgnFilter(96 + 24, PcpAddress.parse("198.51.101.1"), 0)));
        assertThat(admits(FRIEND)).isFalse();
        done(cgn().replaceFilter(filter, new CgnFilter(96 + 23, PcpAddress.parse("198.51.101.1"), 0)));
        assertThat(admits(FRIEND)).isTrue();
    }

    @Test
    void allAddressesMayBeMeantWithOnePort() {
        done(cgn().createFilter(mapping, new CgnFilter(96, PcpAddress.ANY_IPV4, 7000)));
        assertThat(admits(FRIEND)).isTrue();
        assertThat(admits(STRANGER)).isTrue();
        assertThat(admits(withPort(FRIEND, 7001))).isFalse();
    }

    @Test
    void answersAreFilteredToo() {
        done(cgn().createFilter(mapping, FRIEND_ONLY));
        assertThat(world().outbound(world().alice(), HOST, STRANGER)).contains(external);
        assertThat(admits(STRANGER)).isFalse();
        assertThat(world().outbound(world().alice(), HOST, FRIEND)).contains(external);
        assertThat(admits(FRIEND)).isTrue();
    }

    @Test
    void whatHasBegunIsFilteredToo() {
        assertThat(admits(STRANGER)).isTrue();
        assertThat(world().outbound(world().alice(), HOST, STRANGER)).contains(external);
        done(cgn().createFilter(mapping, FRIEND_ONLY));
        assertThat(admits(STRANGER)).isFalse();
    }

    /** Each sees the other as the internet does. */
    @Test
    void anotherSubscriberIsFilteredByItsExternalAddress() {
        var bob = done(cgn().getSubscriber(world().bob()));
        var from = world().bobsHost();
        var filter = done(cgn().createFilter(mapping, FRIEND_ONLY));
        assertThat(world().hairpin(world().bob(), from, external, HOST)).isEmpty();
        done(cgn().replaceFilter(filter, new CgnFilter(128, bob.external(), 0)));
        assertThat(world().hairpin(world().bob(), from, external, HOST))
                .hasValueSatisfying(seen -> assertThat(seen.address()).isEqualTo(bob.external()));
    }

    @Test
    void otherMappingsAreNotFiltered() {
        done(cgn().createFilter(mapping, FRIEND_ONLY));
        var other = withPort(HOST, 8081);
        var otherExternal = withPort(external, 2002);
        done(cgn().createPcpMapping(new CgnMapping(mapped.subscriber(), IpProtocol.UDP, other, otherExternal)));
        assertThat(world().inbound(STRANGER, otherExternal, other)).isTrue();
    }

    @Test
    @Proves("pcp:N-07")
    void aMappingHasOneFilter() {
        var filter = done(cgn().createFilter(mapping, FRIEND_ONLY));
        assertThat(done(cgn().createFilter(mapping, FRIEND_ONLY))).isEqualTo(filter);
        assertFails(cgn().createFilter(mapping, STRANGER_ONLY), CgnError.COLLISION);
        assertThat(admits(FRIEND)).isTrue();
        assertThat(admits(STRANGER)).isFalse();
    }

    @Test
    void aReplacedFilterIsGone() {
        var filter = done(cgn().createFilter(mapping, FRIEND_ONLY));
        assertThat(done(cgn().replaceFilter(filter, STRANGER_ONLY))).isEqualTo(filter);
        assertThat(admits(FRIEND)).isFalse();
        assertThat(admits(STRANGER)).isTrue();
        assertThat(done(cgn().createFilter(mapping, STRANGER_ONLY))).isEqualTo(filter);
        assertFails(cgn().createFilter(mapping, FRIEND_ONLY), CgnError.COLLISION);
    }

    @Test
    void replacingTwiceChangesNothing() {
        var filter = done(cgn().createFilter(mapping, FRIEND_ONLY));
        done(cgn().replaceFilter(filter, BOTH));
        done(cgn().replaceFilter(filter, BOTH));
        assertThat(admits(FRIEND)).isTrue();
        assertThat(admits(STRANGER)).isTrue();
    }

    @Test
    void aDeletedFilterLetsEverybodyInAndItsHandleIsDead() {
        var filter = done(cgn().createFilter(mapping, FRIEND_ONLY));
        done(cgn().deleteFilter(filter));
        assertThat(admits(STRANGER)).isTrue();
        assertFails(cgn().deleteFilter(filter), CgnError.INVALID_ARGUMENT);
        assertFails(cgn().replaceFilter(filter, FRIEND_ONLY), CgnError.INVALID_ARGUMENT);
        assertThat(done(cgn().createFilter(mapping, STRANGER_ONLY))).isNotEqualTo(filter);
        assertThat(admits(FRIEND)).isFalse();
    }

    @Test
    void aFilterEndsWithItsMapping() {
        var filter = done(cgn().createFilter(mapping, FRIEND_ONLY));
        done(cgn().deletePcpMapping(mapping));
        assertFails(cgn().deleteFilter(filter), CgnError.INVALID_ARGUMENT);
        assertFails(cgn().createFilter(mapping, FRIEND_ONLY), CgnError.INVALID_ARGUMENT);
        done(cgn().createPcpMapping(mapped));
        assertThat(admits(STRANGER)).isTrue();
    }

    @Test
    void aFilterEndsWithItsSubscriber() {
        var filter = done(cgn().createFilter(mapping, FRIEND_ONLY));
        world().deleteSubscriber(world().alice());
        assertFails(cgn().replaceFilter(filter, BOTH), CgnError.INVALID_ARGUMENT);
        var again = done(cgn().createSubscriber(world().alice(), external.address()));
        done(cgn().createPcpMapping(new CgnMapping(again.handle(), IpProtocol.UDP, HOST, external)));
        assertThat(admits(STRANGER)).isTrue();
    }

    @Test
    void aFilterIsOfTheFamilyOfItsMapping() {
        var ipv6 = new CgnFilter(64, PcpAddress.parse("2001:db8::1"), 0);
        assertFails(cgn().createFilter(mapping, ipv6), CgnError.INVALID_ARGUMENT);
        var filter = done(cgn().createFilter(mapping, FRIEND_ONLY));
        assertFails(cgn().replaceFilter(filter, ipv6), CgnError.INVALID_ARGUMENT);
        assertThat(admits(FRIEND)).isTrue();
    }
}
