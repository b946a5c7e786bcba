package io.portreeve.server.cgn;

import io.portreeve.runtime.BootClock;
import io.portreeve.server.channel.CgnServer;
import io.portreeve.server.channel.RemoteCgn;
import io.portreeve.testing.Failures;
import java.time.Duration;
import java.util.Optional;

/** A mock CGN at the other end of a control channel. */
final class RemoteWorld implements CgnWorld, AutoCloseable {
    private final MockWorld mock = new MockWorld();
    private final CgnServer channel;
    private final RemoteCgn cgn;

    RemoteWorld() {
        try {
            channel = CgnServer.open(mock.cgn, 0, new BootClock(), Failures::unexpected);
            cgn = RemoteCgn.open(channel.port(), Duration.ofSeconds(60), new BootClock(), _ -> {});
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public Cgn cgn() {
        return cgn;
    }

    @Override
    public void block(SubscriberId id) {
        mock.block(id);
    }

    @Override
    public void deleteSubscriber(SubscriberId id) {
        mock.deleteSubscriber(id);
        CgnContract.done(cgn.listPcpPool()); // the word of it comes before the answer
    }

    @Override
    public Optional<Endpoint> outbound(SubscriberId line, Endpoint internal, Endpoint remote) {
        return mock.outbound(line, internal, remote);
    }

    @Override
    public boolean inbound(Endpoint remote, Endpoint external, Endpoint internal) {
        return mock.inbound(remote, external, internal);
    }

    @Override
    public Optional<Endpoint> hairpin(SubscriberId line, Endpoint internal, Endpoint external, Endpoint to) {
        return mock.hairpin(line, internal, external, to);
    }

    @Override
    public void converse(Endpoint remote, Endpoint external, Endpoint internal) {
        mock.converse(remote, external, internal);
    }

    @Override
    public void pass(Duration time) {
        mock.pass(time);
    }

    @Override
    public void close() {
        try (channel) {
            cgn.close();
        }
    }
}
