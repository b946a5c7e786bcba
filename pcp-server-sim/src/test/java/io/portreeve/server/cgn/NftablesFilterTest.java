package io.portreeve.server.cgn;

import io.portreeve.testing.OwnNetwork;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** Filters, kept by the kernel. */
@ExtendWith(OwnNetwork.class)
final class NftablesFilterTest extends FilterContract {
    private KernelWorld world;

    @BeforeEach
    @Override
    void map() throws Exception {
        world = new KernelWorld();
        super.map();
    }

    @AfterEach
    void close() throws IOException {
        world.close();
    }

    @Override
    CgnWorld world() {
        return world;
    }
}
