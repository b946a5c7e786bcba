package io.portreeve.bench.gateway;

import java.io.IOException;
import java.util.List;

/** What the kernel sums up of a process's memory in {@code /proc/PID/smaps_rollup}. */
final class Rollup {
    private static final String PSS = "Pss:";

    private Rollup() {}

    /** {@return the proportional set size, in octets} */
    static long pss(List<String> lines) throws IOException {
        for (var line : lines) {
            if (line.startsWith(PSS)) {
                return 1_024
                        * Long.parseLong(
                                line.substring(PSS.length()).replace("kB", "").strip());
            }
        }
        throw new IOException("smaps_rollup names no Pss: this kernel is older than Linux 4.14");
    }
}
