package io.portreeve.server.store;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.MappingKey;
import io.portreeve.server.engine.SubscriberKey;
import java.util.OptionalLong;

/**
 * What is in the file, and in which row: kept in memory, so that the file needs no index. What is written gets a new row, so what
 * was written later has the greater number.
 */
final class Rows {
    private record Held(IpProtocol protocol, Endpoint external) {}

    private final UndoMap<SubscriberKey, PcpAddress> subscribers = new UndoMap<>();
    private final UndoMap<MappingKey, Long> mappings = new UndoMap<>();
    private final UndoMap<Held, Long> held = new UndoMap<>();
    private long last;

    /** {@return false if the file says so already} */
    boolean learn(SubscriberId id, PcpAddress external) {
        return !external.equals(subscribers.put(SubscriberKey.of(id, external), external));
    }

    /** {@return a row for {@code key}, which has none} It comes after all others. */
    long place(MappingKey key) {
        mappings.put(key, ++last);
        return last;
    }

    /** {@return a row for a port that has none} */
    long place(IpProtocol protocol, Endpoint external) {
        held.put(new Held(protocol, external), ++last);
        return last;
    }

    /** {@return the row that {@code key} had; empty if none} */
    OptionalLong leave(MappingKey key) {
        return leave(key, mappings);
    }

    OptionalLong leave(IpProtocol protocol, Endpoint external) {
        return leave(new Held(protocol, external), held);
    }

    private static <K> OptionalLong leave(K key, UndoMap<K, Long> ids) {
        var id = ids.remove(key);
        return id == null ? OptionalLong.empty() : OptionalLong.of(id);
    }

    void forget(SubscriberKey subscriber) {
        subscribers.remove(subscriber);
        mappings.removeIf(
                key -> key.subscriber().equals(subscriber.subscriber()) && key.external() == subscriber.external());
    }

    /** Learns what an earlier program wrote. */
    void found(SubscriberKey key, PcpAddress external) {
        subscribers.learn(key, external);
    }

    void found(MappingKey key, long id) {
        mappings.learn(key, id);
        last = Math.max(last, id);
    }

    void found(IpProtocol protocol, Endpoint external, long id) {
        held.learn(new Held(protocol, external), id);
        last = Math.max(last, id);
    }

    void commit() {
        subscribers.commit();
        mappings.commit();
        held.commit();
    }

    void rollback() {
        subscribers.rollback();
        mappings.rollback();
        held.rollback();
    }
}
