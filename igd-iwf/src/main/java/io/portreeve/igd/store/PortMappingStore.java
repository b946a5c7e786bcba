package io.portreeve.igd.store;

import io.portreeve.igd.iwf.IwfEffect;
import io.portreeve.igd.iwf.StoredTable;
import io.portreeve.pcp.MonoTime;
import io.portreeve.storage.StorageException;
import java.util.List;

/** Where the port mapping table outlives the gateway. */
public interface PortMappingStore extends AutoCloseable {

    /** {@return what an earlier run left} */
    StoredTable load(MonoTime now) throws StorageException;

    /**
     * Writes all {@code changes} or none; when it returns they survive a loss of power.
     *
     * @param updateId what control points may have been told of the table, at most, before the next writing
     */
    void write(List<IwfEffect.Stored> changes, long updateId, MonoTime now) throws StorageException;

    @Override
    void close();
}
