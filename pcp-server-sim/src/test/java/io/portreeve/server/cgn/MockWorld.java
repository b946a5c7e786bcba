package io.portreeve.server.cgn;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.Optional;

/** A mock CGN, whose time is the test's. */
class MockWorld implements CgnWorld {
    final MockCgn cgn = new MockCgn(CgnContract.POOL, CgnContract.LIMITS, this::now, Seeds.of(1));
    private MonoTime now = MonoTime.START;

    MonoTime now() {
        return now;
    }

    @Override
    public Cgn cgn() {
        return cgn;
    }

    @Override
    public void block(SubscriberId id) {
        cgn.block(id);
    }

    @Override
    public void deleteSubscriber(SubscriberId id) {
        cgn.deleteSubscriber(id);
    }

    @Override
    public Optional<Endpoint> outbound(SubscriberId line, Endpoint internal, Endpoint remote) {
        return cgn.outbound(Packet.inside(line, IpProtocol.UDP, internal, remote))
                .filter(packet ->
                        packet.line().isEmpty() && packet.destination().equals(remote))
                .map(Packet::source);
    }

    @Override
    public boolean inbound(Endpoint remote, Endpoint external, Endpoint internal) {
        return cgn.inbound(Packet.outside(IpProtocol.UDP, remote, external))
                .filter(packet -> packet.source().equals(remote))
                .map(Packet::destination)
                .equals(Optional.of(internal));
    }

    @Override
    public Optional<Endpoint> hairpin(SubscriberId line, Endpoint internal, Endpoint external, Endpoint to) {
        return cgn.outbound(Packet.inside(line, IpProtocol.UDP, internal, external))
                .filter(packet ->
                        packet.line().isPresent() && packet.destination().equals(to))
                .map(Packet::source);
    }

    @Override
    public void converse(Endpoint remote, Endpoint external, Endpoint internal) {
        var in = Packet.outside(IpProtocol.TCP, remote, external);
        var reached = cgn.inbound(in).orElseThrow();
        var out = Packet.inside(reached.line().orElseThrow(), IpProtocol.TCP, internal, remote);
        cgn.outbound(out).orElseThrow();
        cgn.inbound(in.last()).orElseThrow();
        cgn.outbound(out.last()).orElseThrow();
    }

    @Override
    public void pass(Duration time) {
        now = now.plus(time);
    }
}
