package io.portreeve.client.store;

import io.portreeve.client.engine.Effect;
import io.portreeve.client.engine.Mapping;
import io.portreeve.pcp.MonoTime;
import io.portreeve.storage.StorageException;
import java.time.Duration;
import java.util.List;

/** Where mappings outlive the client. */
public interface MappingStore extends AutoCloseable {

    /** {@return what an earlier run left, with the lifetime that is left of it, ready for the engine} */
    List<Mapping> load(MonoTime now) throws StorageException;

    /**
     * A run begins, and ends in order when this is closed.
     *
     * @return true if the last one did not end in order, less than {@code lately} after it had begun
     */
    boolean begin(Duration lately) throws StorageException;

    /** Writes all {@code changes} or none; when it returns they survive a loss of power. */
    void write(List<Effect.Stored> changes, MonoTime now) throws StorageException;

    @Override
    void close();
}
