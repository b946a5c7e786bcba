package io.portreeve.worlds;

import io.portreeve.pcp.MonoTime;
import java.time.Duration;
import java.time.Instant;

/** A computer's two clocks: one counts from its last boot, the other is what people set, and may be set wrong. */
public final class VirtualMachine {
    private static final Instant WALL_AT_START = Instant.parse("2026-11-21T12:00:00Z");

    private final VirtualTime time;
    private MonoTime booted;
    private Duration wallOff = Duration.ZERO;
    private int boots = 1;

    /** @param uptime how long it has been running already */
    public VirtualMachine(VirtualTime time, Duration uptime) {
        this.time = time;
        booted = new MonoTime(-uptime.toNanos());
    }

    /** {@return another text after each boot} */
    public String bootId() {
        return "boot " + boots;
    }

    public MonoTime uptime() {
        return new MonoTime(time.now().nanos() - booted.nanos());
    }

    public Instant wall() {
        return WALL_AT_START.plusNanos(time.now().nanos()).plus(wallOff);
    }

    /** {@return when in the world's time this machine's clock shows {@code uptime}} */
    public MonoTime atUptime(MonoTime uptime) {
        return uptime.equals(MonoTime.NEVER) ? uptime : new MonoTime(booted.nanos() + uptime.nanos());
    }

    /** Someone sets the wall clock. */
    public void stepWall(Duration step) {
        wallOff = wallOff.plus(step);
    }

    /** The clock that counts from the boot starts again. */
    public void reboot() {
        boots++;
        booted = time.now();
    }
}
