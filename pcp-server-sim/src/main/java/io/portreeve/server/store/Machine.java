package io.portreeve.server.store;

import io.portreeve.runtime.BootClock;
import io.portreeve.runtime.MonoClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.UUID;

/**
 * The machine's clocks, and how to tell after a restart which of them still counts.
 *
 * @param bootId another one after each boot
 * @param clock counts from the boot
 * @param wall the only one that means anything after a reboot
 */
public record Machine(String bootId, MonoClock clock, InstantSource wall) {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    public static Machine real() {
        return new Machine(readBootId(), new BootClock(), InstantSource.system());
    }

    private static String readBootId() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            return UUID.randomUUID().toString(); // as after a reboot: the epoch starts again, which is always safe
        }
    }
}
