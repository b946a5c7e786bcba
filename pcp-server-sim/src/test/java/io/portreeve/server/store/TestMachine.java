package io.portreeve.server.store;

import io.portreeve.pcp.MonoTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** A machine whose clocks go when a test says so. */
public final class TestMachine {
    private final AtomicReference<MonoTime> uptime = new AtomicReference<>(MonoTime.START.plus(Duration.ofDays(3)));
    private final AtomicReference<Instant> wall = new AtomicReference<>(Instant.parse("2026-11-21T12:00:00Z"));
    private final AtomicReference<String> bootId = new AtomicReference<>("first boot");

    /** {@return the machine as it is in this boot} */
    public Machine machine() {
        return new Machine(bootId.get(), uptime::get, wall::get);
    }

    public MonoTime now() {
        return uptime.get();
    }

    public void pass(Duration time) {
        uptime.updateAndGet(now -> now.plus(time));
        wall.updateAndGet(now -> now.plus(time));
    }

    public void setWallClock(Instant time) {
        wall.set(time);
    }

    /** Boots; the clock since the boot starts again. */
    public void boot(Duration uptimeAfterwards) {
        bootId.set("boot after " + bootId.get());
        uptime.set(MonoTime.START.plus(uptimeAfterwards));
    }
}
