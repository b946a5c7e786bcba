package io.portreeve.igd.store;

import io.portreeve.igd.iwf.IwfEffect;
import io.portreeve.igd.iwf.PortMapping;
import io.portreeve.pcp.MonoTime;
import io.portreeve.storage.StorageException;
import java.util.List;

/** Where the port mapping table outlives the gateway. */
public interface PortMappingStore extends AutoCloseable {

    /** {@return the entries an earlier run left, in the order they were made} */
    List<PortMapping> load(MonoTime now) throws StorageException;

    /** Writes all {@code changes} or none; when it returns they survive a loss of power. */
    void write(List<IwfEffect.Stored> changes, MonoTime now) throws StorageException;

    @Override
    void close();
}
