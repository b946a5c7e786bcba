package io.portreeve.server.cgn;

import io.portreeve.runtime.BootClock;
import io.portreeve.server.channel.CgnServer;
import io.portreeve.server.channel.RemoteCgn;
import io.portreeve.testing.Failures;
import java.time.Duration;

/** A mock CGN that is asked through a control channel. */
final class RemoteWorld extends MockWorld implements AutoCloseable {
    private final CgnServer channel;
    private final RemoteCgn remote;

    RemoteWorld() {
        try {
            channel = CgnServer.open(cgn, 0, new BootClock(), Failures::unexpected);
            remote = RemoteCgn.open(channel.port(), Duration.ofSeconds(60), new BootClock(), _ -> {});
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public Cgn cgn() {
        return remote;
    }

    @Override
    public void deleteSubscriber(SubscriberId id) {
        super.deleteSubscriber(id);
        CgnContract.done(remote.listPcpPool()); // the word of it comes before the answer
    }

    @Override
    public void close() {
        try (channel) {
            remote.close();
        }
    }
}
