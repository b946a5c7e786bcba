package io.portreeve.server.channel;

import io.portreeve.runtime.MonoClock;
import io.portreeve.server.cgn.HostedCgn;
import io.portreeve.testing.Failures;
import java.io.IOException;
import java.net.BindException;

/** A port that the kernel gives nobody: while it is closed, a client that asks for it must not get it. */
final class QuietPort {
    private QuietPort() {}

    /** {@return a channel at one that no other process has, which runs the same tests} */
    static CgnServer open(HostedCgn cgn, MonoClock clock) throws IOException {
        int first = 20_000 + (int) (ProcessHandle.current().pid() % 1000) * 10;
        for (int port = first; port < first + 10; port++) {
            try {
                return CgnServer.open(cgn, port, clock, Failures::unexpected);
            } catch (BindException e) {
                // somebody has it
            }
        }
        throw new AssertionError("no port is free");
    }
}
