package io.portreeve.check;

import java.io.IOException;
import java.util.Set;

/** Where mappings are known, and how to read them there. */
record Place(String name, Source source) {

    @FunctionalInterface
    interface Source {
        /** @throws IOException if it cannot be read; the message is one line */
        Set<String> lines() throws IOException;
    }
}
