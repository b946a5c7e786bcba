package io.portreeve.client.worlds;

import io.portreeve.worlds.Chance;
import java.util.List;

/** What else happened while a process was down. */
public enum Aftermath {
    NOTHING,
    FILES_REMOVED,
    REBOOT;

    /** {@return any of them once in {@code n} times, else nothing} */
    public static Aftermath onceIn(int n, Chance chance) {
        return chance.oneIn(n) ? chance.oneOf(List.of(values())) : NOTHING;
    }
}
