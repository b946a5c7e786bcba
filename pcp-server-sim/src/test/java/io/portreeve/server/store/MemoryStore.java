package io.portreeve.server.store;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.SubscriberHandle;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.HeldPort;
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
import io.portreeve.storage.StorageException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A disk that can be full. It knows one boot only, and what was written first comes back first. */
public final class MemoryStore implements ServerStore {
    private final Map<SubscriberKey, PcpAddress> subscribers = new LinkedHashMap<>();
    private final Map<MappingKey, MappingRow> mappings = new LinkedHashMap<>();
    private final Map<Object, HeldPort> held = new LinkedHashMap<>();
    private final Map<SubscriberId, ServerEpoch> epochs = new LinkedHashMap<>();
    private final Map<PeerKey, PeerRow> peers = new LinkedHashMap<>();
    private Optional<ServerEpoch> epoch = Optional.empty();
    public boolean full;

    @Override
    public StoredState load() {
        return new StoredState(
                epoch, epochs, subscribers, List.copyOf(mappings.values()), List.copyOf(held.values()), peers.size());
    }

    @Override
    public void replaceAll(ServerEpoch started, RestoredState state) {
        epoch = Optional.of(started);
        subscribers.clear();
        mappings.clear();
        state.subscribers().forEach(subscriber -> subscribers.put(SubscriberKey.of(subscriber), subscriber.external()));
        state.mappings().forEach(mapping -> save(mapping.row()));
        held.clear();
        state.held().forEach(port -> held.put(place(port), port));
        epochs.clear();
        epochs.putAll(state.epochs());
        peers.clear();
    }

    @Override
    public void commit(List<Change> changes) throws StorageException {
        if (full) {
            throw new StorageException("memory: the disk is full", null);
        }
        for (var change : changes) {
            switch (change) {
                case Save(var row) -> save(row);
                case Erase(var key) -> mappings.remove(key);
                case Forget(var subscriber) -> {
                    subscribers.remove(subscriber);
                    mappings.keySet().removeIf(key -> key.owner().equals(subscriber));
                }
                case Hold(var port) -> held.put(place(port), port);
                case Release(var port) -> held.remove(place(port));
                case SaveEpoch(var started) -> {
                    epoch = Optional.of(started);
                    epochs.clear();
                }
                case SaveOwnEpoch(var subscriber, var started) -> epochs.put(subscriber, started);
                case SavePeer(var row) -> peers.put(row.key(), row);
                case ErasePeer(var key) -> peers.remove(key);
            }
        }
    }

    private static Object place(HeldPort port) {
        return List.of(port.protocol(), port.external());
    }

    private void save(MappingRow row) {
        subscribers.put(row.key().owner(), row.external().address());
        mappings.values()
                .removeIf(other -> other.key().protocol().equals(row.key().protocol())
                        && other.external().equals(row.external()));
        mappings.put(row.key(), row);
        row.atCgn(new SubscriberHandle(0)).forEach(port -> held.remove(List.of(port.protocol(), port.external())));
    }

    @Override
    public void close() {
        // nothing outlives the test
    }
}
