package io.portreeve.runtime;

import io.portreeve.pcp.MonoTime;

/** Where {@link MonoTime} comes from: one for production, one for each test's own time. */
@FunctionalInterface
public interface MonoClock {
    MonoTime now();
}
