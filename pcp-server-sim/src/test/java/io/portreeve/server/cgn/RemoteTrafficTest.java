package io.portreeve.server.cgn;

import org.junit.jupiter.api.AfterEach;

final class RemoteTrafficTest extends TrafficContract {
    private final RemoteWorld world = new RemoteWorld();

    @Override
    CgnWorld world() {
        return world;
    }

    @AfterEach
    void close() {
        world.close();
    }
}
