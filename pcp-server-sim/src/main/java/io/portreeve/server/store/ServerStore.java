package io.portreeve.server.store;

import io.portreeve.server.engine.RestoredState;
import io.portreeve.server.engine.ServerEffect.Change;
import io.portreeve.server.engine.ServerEpoch;
import io.portreeve.storage.StorageException;
import java.util.List;

/** Where the server's state survives it. One thread at a time. */
public interface ServerStore extends AutoCloseable {

    StoredState load() throws StorageException;

    /** Puts this in the place of everything that was stored: what a server starts its work with. */
    void replaceAll(ServerEpoch epoch, RestoredState state) throws StorageException;

    /** Writes all of {@code changes} in order, or none. When it returns they are on disk. */
    void commit(List<Change> changes) throws StorageException;

    @Override
    void close();
}
