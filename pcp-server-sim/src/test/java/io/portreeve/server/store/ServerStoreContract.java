package io.portreeve.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.PcpMapHandle;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.cgn.SubscriberHandle;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Family;
import io.portreeve.server.engine.HeldPort;
import io.portreeve.server.engine.Mapping;
import io.portreeve.server.engine.MappingKey;
import io.portreeve.server.engine.MappingRow;
import io.portreeve.server.engine.PeerKey;
import io.portreeve.server.engine.PeerRow;
import io.portreeve.server.engine.RestoredState;
import io.portreeve.server.engine.ServerEffect.Change;
import io.portreeve.server.engine.ServerEffect.Erase;
import io.portreeve.server.engine.ServerEffect.ErasePeer;
import io.portreeve.server.engine.ServerEffect.Forget;
import io.portreeve.server.engine.ServerEffect.Hold;
import io.portreeve.server.engine.ServerEffect.Release;
import io.portreeve.server.engine.ServerEffect.Save;
import io.portreeve.server.engine.ServerEffect.SaveEpoch;
import io.portreeve.server.engine.ServerEffect.SaveOwnEpoch;
import io.portreeve.server.engine.ServerEffect.SavePeer;
import io.portreeve.server.engine.ServerEpoch;
import io.portreeve.server.engine.SubscriberKey;
import io.portreeve.server.engine.Terms;
import io.portreeve.storage.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every store does, the fake one included. */
abstract class ServerStoreContract {
    static final ServerEpoch EPOCH = new ServerEpoch(new MonoTime(17));
    private static final ServerEpoch OWN_EPOCH = new ServerEpoch(new MonoTime(18));
    static final SubscriberId SUBSCRIBER = new SubscriberId(PcpAddress.parse("100.64.0.2"));
    static final PcpAddress EXTERNAL = PcpAddress.parse("203.0.114.1");
    private static final PcpAddress IPV6 = PcpAddress.parse("2001:db8:0:1::1");
    private static final SubscriberKey IPV6_KEY = new SubscriberKey(SUBSCRIBER, Family.IPV6);
    private static final SubscriberKey KEY = new SubscriberKey(SUBSCRIBER, Family.IPV4);

    abstract ServerStore store() throws StorageException;

    static MappingRow row(int internalPort, int externalPort) {
        var internal = new Endpoint(PcpAddress.parse("192.168.1.10"), internalPort);
        return new MappingRow(
                new MappingKey(SUBSCRIBER, IpProtocol.TCP, internal, Family.IPV4),
                new MappingNonce(0xA1A2A3A4, -1, 0),
                new Endpoint(EXTERNAL, externalPort),
                new Endpoint(PcpAddress.parse("192.168.1.1"), 49152),
                new Lifetime(3600),
                new MonoTime(3_600_000_000_123L));
    }

    private static HeldPort held(int externalPort) {
        return new HeldPort(
                row(9, externalPort).key(), row(9, externalPort).external(), new MonoTime(3_600_000_000_123L));
    }

    @Test
    void everythingOfAMappingComesBack() throws Exception {
        var store = started();
        var filter = new Filter(120, 443, PcpAddress.parse("198.51.100.0"));
        var terms = new Terms(8, true, Optional.of(filter), "Küche", Terms.Origin.NAT_PMP);
        var plain = row(1, 2001);
        var full = new MappingRow(
                plain.key(), plain.nonce(), plain.external(), plain.client(), plain.lifetime(), plain.expiry(), terms);
        var forEver = new MappingRow(
                row(20, 2020).key(),
                plain.nonce(),
                row(20, 2020).external(),
                new Endpoint(SUBSCRIBER.address(), 0),
                Lifetime.INFINITE,
                MonoTime.NEVER,
                new Terms(1, false, Optional.empty(), "", Terms.Origin.STATIC));
        store.commit(List.of(new Save(full), new Save(forEver)));
        assertThat(store.load().mappings()).containsExactlyInAnyOrder(full, forEver);
    }

    @Test
    void aPortIsHeldUntilItIsReleasedOrMappedAgain() throws Exception {
        var store = started();
        store.commit(List.of(new Hold(held(2001)), new Hold(held(2002)), new Hold(held(2003))));
        store.commit(List.of(new Release(held(2002)), new Save(row(1, 2001))));
        assertThat(store.load().held()).containsExactly(held(2003));
    }

    @Test
    void aCommonEpochTakesThePlaceOfAll() throws Exception {
        var store = started();
        store.commit(List.of(new SaveOwnEpoch(SUBSCRIBER, OWN_EPOCH)));
        assertThat(store.load().epochs()).isEqualTo(Map.of(SUBSCRIBER, OWN_EPOCH));
        store.commit(List.of(new SaveEpoch(OWN_EPOCH)));
        assertThat(store.load().epoch()).contains(OWN_EPOCH);
        assertThat(store.load().epochs()).isEmpty();
    }

    @Test
    void whatWasPromisedToPeersIsCounted() throws Exception {
        var store = started();
        var key = new PeerKey(SUBSCRIBER, IpProtocol.TCP, row(1, 2001).key().internal(), new Endpoint(EXTERNAL, 443));
        var row = new PeerRow(
                key,
                row(1, 2001).nonce(),
                new Endpoint(EXTERNAL, 40_000),
                new Lifetime(600),
                MonoTime.START.plus(Duration.ofDays(365)));
        store.commit(List.of(new SavePeer(row), new SavePeer(row)));
        assertThat(store.load().peers()).isOne();
        store.commit(List.of(new ErasePeer(key)));
        assertThat(store.load().peers()).isZero();
    }

    @Test
    void aFreshStoreIsEmpty() throws Exception {
        assertThat(store().load())
                .isEqualTo(new StoredState(Optional.empty(), Map.of(), Map.of(), List.of(), List.of(), 0));
    }

    @Test
    void whatAServerStartsWithTakesThePlaceOfEverything() throws Exception {
        var store = store();
        store.commit(List.of(new Save(row(1, 2001))));
        var subscriber = new Subscriber(SUBSCRIBER, new SubscriberHandle(1), EXTERNAL);
        var mapping = new Mapping(row(2, 2002), List.of(new PcpMapHandle(1)), List.of());

        store.replaceAll(
                EPOCH,
                new RestoredState(
                        List.of(subscriber), List.of(mapping), List.of(held(3003)), Map.of(SUBSCRIBER, OWN_EPOCH)));

        assertThat(store.load())
                .isEqualTo(new StoredState(
                        Optional.of(EPOCH),
                        Map.of(SUBSCRIBER, OWN_EPOCH),
                        Map.of(KEY, EXTERNAL),
                        List.of(row(2, 2002)),
                        List.of(held(3003)),
                        0));
    }

    @Test
    void aSavedMappingBringsItsSubscriber() throws Exception {
        var store = started();
        store.commit(List.of(new Save(row(1, 2001)), new Save(row(2, 2002))));
        assertThat(store.load().subscribers()).isEqualTo(Map.of(KEY, EXTERNAL));
        assertThat(store.load().mappings()).containsExactlyInAnyOrder(row(1, 2001), row(2, 2002));
    }

    @Test
    void aMappingIsSavedOverTheOneWithItsKey() throws Exception {
        var store = started();
        store.commit(List.of(new Save(row(1, 2001))));
        store.commit(List.of(new Save(row(1, 2002))));
        assertThat(store.load().mappings()).containsExactly(row(1, 2002));
    }

    @Test
    void aMappingIsSavedOverTheOneWithItsExternalPort() throws Exception {
        var store = started();
        store.commit(List.of(new Save(row(1, 2001))));
        store.commit(List.of(new Save(row(2, 2001))));
        assertThat(store.load().mappings()).containsExactly(row(2, 2001));
    }

    /** A store may write many rows as one; what is said of a row later holds. */
    @Test
    void inOneCommitTheLastWordHolds() throws Exception {
        var store = started();
        store.commit(List.of(new Save(row(1, 2001)), new Save(row(2, 2002))));
        var changes = new ArrayList<Change>();
        for (int i = 1; i <= 20; i++) {
            changes.add(new Save(row(i, 2000 + i)));
        }
        changes.add(new Erase(row(19, 2019).key()));
        changes.add(new Save(row(20, 2040)));
        changes.add(new Erase(row(3, 2003).key()));
        store.commit(changes);
        assertThat(store.load().mappings())
                .hasSize(18)
                .contains(row(1, 2001), row(18, 2018), row(20, 2040))
                .doesNotContain(row(20, 2020), row(19, 2019), row(3, 2003));
    }

    @Test
    void anErasedMappingIsGoneAndItsSubscriberStays() throws Exception {
        var store = started();
        store.commit(List.of(new Save(row(1, 2001)), new Save(row(2, 2002))));
        store.commit(
                List.of(new Erase(row(1, 2001).key()), new Erase(row(3, 2003).key())));
        assertThat(store.load().subscribers()).isEqualTo(Map.of(KEY, EXTERNAL));
        assertThat(store.load().mappings()).containsExactly(row(2, 2002));
    }

    @Test
    void aForgottenSubscriberTakesItsMappingsAlong() throws Exception {
        var store = started();
        store.commit(List.of(new Save(row(1, 2001)), new Forget(KEY)));
        assertThat(store.load().subscribers()).isEmpty();
        assertThat(store.load().mappings()).isEmpty();
    }

    private static MappingRow onIpv6(MappingRow row) {
        var key = row.key();
        return new MappingRow(
                new MappingKey(key.subscriber(), key.protocol(), key.internal(), Family.IPV6),
                row.nonce(),
                new Endpoint(IPV6, row.external().port()),
                row.client(),
                row.lifetime(),
                row.expiry());
    }

    @Test
    void aSubscriberHasAnAddressOfEachFamilyAndLosesThemOneByOne() throws Exception {
        var store = started();
        store.commit(List.of(new Save(onIpv6(row(1, 2001))), new Save(row(1, 2001))));
        assertThat(store.load().subscribers()).isEqualTo(Map.of(KEY, EXTERNAL, IPV6_KEY, IPV6));
        assertThat(store.load().mappings()).containsExactlyInAnyOrder(row(1, 2001), onIpv6(row(1, 2001)));
        store.commit(List.of(new Forget(KEY)));
        assertThat(store.load().subscribers()).isEqualTo(Map.of(IPV6_KEY, IPV6));
        assertThat(store.load().mappings()).containsExactly(onIpv6(row(1, 2001)));
        store.commit(List.of(new Save(row(1, 2001)), new Forget(IPV6_KEY)));
        assertThat(store.load().subscribers()).isEqualTo(Map.of(KEY, EXTERNAL));
        assertThat(store.load().mappings()).containsExactly(row(1, 2001));
        store.commit(List.of(new Forget(KEY)));
        assertThat(store.load().subscribers()).isEmpty();
    }

    @Test
    void aServerStartsWithAddressesOfEachFamily() throws Exception {
        var store = store();
        var ipv4 = new Subscriber(SUBSCRIBER, new SubscriberHandle(1), EXTERNAL);
        var ipv6 = new Subscriber(SUBSCRIBER, new SubscriberHandle(2), IPV6);
        store.replaceAll(EPOCH, new RestoredState(List.of(ipv6, ipv4), List.of(), List.of(), Map.of()));
        assertThat(store.load().subscribers()).isEqualTo(Map.of(KEY, EXTERNAL, IPV6_KEY, IPV6));
    }

    /** {@return a store whose rows are of this boot} */
    private ServerStore started() throws StorageException {
        var store = store();
        store.replaceAll(EPOCH, RestoredState.NOTHING);
        return store;
    }
}
