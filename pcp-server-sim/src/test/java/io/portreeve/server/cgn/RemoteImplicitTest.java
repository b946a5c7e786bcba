package io.portreeve.server.cgn;

import org.junit.jupiter.api.AfterEach;

final class RemoteImplicitTest extends ImplicitContract {
    private final RemoteWorld world = new RemoteWorld();

    @Override
    CgnWorld world() {
        return world;
    }

    @Override
    boolean givesOnePortToAllTraffic() {
        return true;
    }

    @AfterEach
    void close() {
        world.close();
    }
}
