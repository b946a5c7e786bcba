package io.portreeve.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.PcpMapHandle;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.cgn.SubscriberHandle;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Family;
import io.portreeve.server.engine.Mapping;
import io.portreeve.server.engine.MappingKey;
import io.portreeve.server.engine.MappingRow;
import io.portreeve.server.engine.RestoredState;
import io.portreeve.server.engine.ServerEffect.Erase;
import io.portreeve.server.engine.ServerEffect.Forget;
import io.portreeve.server.engine.ServerEffect.Save;
import io.portreeve.server.engine.ServerEpoch;
import io.portreeve.storage.StorageException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every store does, the fake one included. */
abstract class ServerStoreContract {
    static final ServerEpoch EPOCH = new ServerEpoch(new MonoTime(17));
    static final SubscriberId SUBSCRIBER = new SubscriberId(PcpAddress.parse("100.64.0.2"));
    static final PcpAddress EXTERNAL = PcpAddress.parse("203.0.114.1");

    abstract ServerStore store() throws StorageException;

    static MappingRow row(int internalPort, int externalPort) {
        var internal = new Endpoint(PcpAddress.parse("192.168.1.10"), internalPort);
        return new MappingRow(
                new MappingKey(SUBSCRIBER, IpProtocol.TCP, internal, Family.IPV4),
                new MappingNonce(0xA1A2A3A4, -1, 0),
                new Endpoint(EXTERNAL, externalPort),
                49152,
                new Lifetime(3600),
                new MonoTime(3_600_000_000_123L));
    }

    @Test
    void aFreshStoreIsEmpty() throws Exception {
        assertThat(store().load()).isEqualTo(new StoredState(Optional.empty(), Map.of(), List.of()));
    }

    @Test
    void whatAServerStartsWithTakesThePlaceOfEverything() throws Exception {
        var store = store();
        store.commit(List.of(new Save(row(1, 2001))));
        var subscriber = new Subscriber(SUBSCRIBER, new SubscriberHandle(1), EXTERNAL);
        var mapping = new Mapping(row(2, 2002), new PcpMapHandle(1));

        store.replaceAll(EPOCH, new RestoredState(List.of(subscriber), List.of(mapping)));

        assertThat(store.load())
                .isEqualTo(new StoredState(Optional.of(EPOCH), Map.of(SUBSCRIBER, EXTERNAL), List.of(row(2, 2002))));
    }

    @Test
    void aSavedMappingBringsItsSubscriber() throws Exception {
        var store = started();
        store.commit(List.of(new Save(row(1, 2001)), new Save(row(2, 2002))));
        assertThat(store.load().subscribers()).isEqualTo(Map.of(SUBSCRIBER, EXTERNAL));
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

    @Test
    void anErasedMappingIsGoneAndItsSubscriberStays() throws Exception {
        var store = started();
        store.commit(List.of(new Save(row(1, 2001)), new Save(row(2, 2002))));
        store.commit(
                List.of(new Erase(row(1, 2001).key()), new Erase(row(3, 2003).key())));
        assertThat(store.load().subscribers()).isEqualTo(Map.of(SUBSCRIBER, EXTERNAL));
        assertThat(store.load().mappings()).containsExactly(row(2, 2002));
    }

    @Test
    void aForgottenSubscriberTakesItsMappingsAlong() throws Exception {
        var store = started();
        store.commit(List.of(new Save(row(1, 2001)), new Forget(SUBSCRIBER)));
        assertThat(store.load().subscribers()).isEmpty();
        assertThat(store.load().mappings()).isEmpty();
    }

    /** {@return a store whose rows are of this boot} */
    private ServerStore started() throws StorageException {
        var store = store();
        store.replaceAll(EPOCH, new RestoredState(List.of(), List.of()));
        return store;
    }
}
