package io.portreeve.server.store;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.MappingKey;
import io.portreeve.server.engine.MappingRow;
import io.portreeve.server.engine.RestoredState;
import io.portreeve.server.engine.ServerEffect.Change;
import io.portreeve.server.engine.ServerEffect.Erase;
import io.portreeve.server.engine.ServerEffect.Forget;
import io.portreeve.server.engine.ServerEffect.Save;
import io.portreeve.server.engine.ServerEpoch;
import io.portreeve.storage.StorageException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A disk that can be full. It knows one boot only. */
public final class MemoryStore implements ServerStore {
    private final Map<SubscriberId, PcpAddress> subscribers = new HashMap<>();
    private final Map<MappingKey, MappingRow> mappings = new HashMap<>();
    private Optional<ServerEpoch> epoch = Optional.empty();
    public boolean full;

    @Override
    public StoredState load() {
        return new StoredState(epoch, subscribers, List.copyOf(mappings.values()));
    }

    @Override
    public void replaceAll(ServerEpoch started, RestoredState state) {
        epoch = Optional.of(started);
        subscribers.clear();
        mappings.clear();
        state.subscribers().forEach(subscriber -> subscribers.put(subscriber.id(), subscriber.external()));
        state.mappings().forEach(mapping -> save(mapping.row()));
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
                    mappings.keySet().removeIf(key -> key.subscriber().equals(subscriber));
                }
            }
        }
    }

    private void save(MappingRow row) {
        subscribers.put(row.key().subscriber(), row.external().address());
        mappings.values()
                .removeIf(other -> other.key().protocol().equals(row.key().protocol())
                        && other.external().equals(row.external()));
        mappings.put(row.key(), row);
    }

    @Override
    public void close() {
        // nothing outlives the test
    }
}
