package io.portreeve.image;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The tests of one class have a chain in which packets go through. All places agree after each of them, all ports are closed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OwnChain {
    Chain chain;
    Stranger stranger;

    @BeforeAll
    void start(@TempDir Path work) throws Exception {
        chain = chain(work);
        stranger = new Stranger(chain.lab());
    }

    /** {@return the chain of this class} */
    Chain chain(Path work) throws Exception {
        return Chain.translating(work);
    }

    @AfterAll
    void end() throws Exception {
        try (var ending = chain) {
            ending.agrees();
        }
    }

    @AfterEach
    void allAgree() throws Exception {
        try {
            chain.agrees();
        } finally {
            chain.home().closePorts();
        }
    }

    Host lan() {
        return chain.lab().host("lan");
    }
}
