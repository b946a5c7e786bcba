package io.portreeve.server.channel;

import io.portreeve.pcp.MonoTime;
import io.portreeve.server.cgn.CgnLimits;
import io.portreeve.server.cgn.MockCgn;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.testing.Failures;
import io.portreeve.testing.Seeds;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class CgnServerTest {
    private static final int ROUNDS = 300;

    private final MockCgn cgn =
            new MockCgn(PoolRange.ofFirewall(), CgnLimits.of(10), () -> MonoTime.START, Seeds.of(1));

    /** Whoever closes it may open another one there. */
    @Test
    void itsPortIsFreeWhenItIsClosed() throws IOException {
        var server = QuietPort.open(cgn, () -> MonoTime.START);
        int port = server.port();
        for (int round = 0; round < ROUNDS; round++) {
            server.close();
            server = CgnServer.open(cgn, port, () -> MonoTime.START, Failures::unexpected);
        }
        server.close();
    }
}
