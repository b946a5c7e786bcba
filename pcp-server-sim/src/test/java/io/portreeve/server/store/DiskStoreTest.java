package io.portreeve.server.store;

import io.portreeve.server.worlds.DiskStore;
import io.portreeve.worlds.VirtualDisk;
import io.portreeve.worlds.VirtualMachine;
import io.portreeve.worlds.VirtualTime;
import java.time.Duration;

/** The file of the worlds is like the real one. */
final class DiskStoreTest extends ServerStoreContract {
    private final DiskStore store =
            new DiskStore(new VirtualDisk<>(), new VirtualMachine(new VirtualTime(), Duration.ofDays(3)), () -> {});

    @Override
    ServerStore store() {
        return store;
    }
}
