package io.portreeve.server.cgn;

import io.portreeve.testing.OwnNetwork;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** Implicit mappings, kept by the kernel. */
@ExtendWith(OwnNetwork.class)
final class NftablesImplicitTest extends ImplicitContract {
    private KernelWorld world;

    @BeforeEach
    @Override
    void subscribe() throws Exception {
        world = new KernelWorld();
        super.subscribe();
    }

    @AfterEach
    void close() throws IOException {
        world.close();
    }

    @Override
    boolean givesOnePortToAllTraffic() {
        return false;
    }

    @Override
    CgnWorld world() {
        return world;
    }
}
