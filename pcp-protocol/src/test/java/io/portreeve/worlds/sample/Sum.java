package io.portreeve.worlds.sample;

import java.util.List;
import java.util.function.IntSupplier;

/** A program to plant a bug into. */
public final class Sum implements IntSupplier {
    @Override
    public int getAsInt() {
        return List.of(1, 2, 3).stream().mapToInt(it -> Math.abs(it)).sum();
    }

    static int one(int number) {
        return 1;
    }
}
