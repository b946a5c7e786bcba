package io.portreeve.server.store;

final class MemoryStoreTest extends ServerStoreContract {

    @Override
    ServerStore store() {
        return new MemoryStore();
    }
}
