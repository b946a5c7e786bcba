package io.portreeve.server.cgn;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.softwire.InnerHost;
import io.portreeve.server.softwire.InsidePrefix;
import io.portreeve.server.softwire.Softwires;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The CGN of a DS-Lite provider in front of a mock: what comes out of a tunnel comes in with an inside address. */
final class DsLiteWorld implements CgnWorld {
    static final SubscriberId ALICE = new SubscriberId(PcpAddress.parse("2001:db8:64::2"));
    static final SubscriberId BOB = new SubscriberId(PcpAddress.parse("2001:db8:64::3"));

    /** Whose tunnels do not end here. */
    static final SubscriberId STRANGER = new SubscriberId(PcpAddress.parse("2001:db8:bad::2"));

    static final int HOMES = 2;
    static final int HOSTS_PER_HOME = 4;
    static final int HOSTS = 6;

    final MockWorld mock = new MockWorld();

    /** What was cut so far, and what is yet to be. */
    final List<Set<PcpAddress>> cuts = new ArrayList<>();

    CompletableFuture<Void> cutting = CompletableFuture.completedFuture(null);

    final DsLiteCgn cgn = before(mock.cgn);

    /** {@return one of the same kind} */
    DsLiteCgn before(HostedCgn nat) {
        return new DsLiteCgn(
                nat,
                new DsLiteHomes(CgnContract.POOL, b4 -> !b4.equals(STRANGER.address()), HOMES),
                new Softwires(new InsidePrefix(PcpAddress.parse("100.96.0.0"), 28), HOSTS, HOSTS_PER_HOME),
                insides -> {
                    cuts.add(insides);
                    return cutting;
                },
                mock::now,
                List.of());
    }

    @Override
    public Cgn cgn() {
        return cgn;
    }

    @Override
    public SubscriberId alice() {
        return ALICE;
    }

    @Override
    public SubscriberId bob() {
        return BOB;
    }

    @Override
    public Endpoint bobsHost() {
        return new Endpoint(CgnContract.HOST.address(), 7000);
    }

    @Override
    public void block(SubscriberId id) {
        cgn.block(id);
    }

    @Override
    public void deleteSubscriber(SubscriberId id) {
        cgn.deleteSubscriber(id);
    }

    /** {@return the inside address of a host that sends; empty if it is not served} */
    Optional<PcpAddress> enter(SubscriberId b4, PcpAddress host) {
        var inside = cgn.enter(new InnerHost(b4.address(), host));
        return inside.state() == CompletableFuture.State.SUCCESS ? Optional.of(inside.resultNow()) : Optional.empty();
    }

    private Optional<Endpoint> enter(SubscriberId b4, Endpoint host) {
        return enter(b4, host.address()).map(inside -> new Endpoint(inside, host.port()));
    }

    private static SubscriberId line(Endpoint inside) {
        return new SubscriberId(inside.address());
    }

    @Override
    public Optional<Endpoint> outbound(SubscriberId b4, Endpoint internal, Endpoint remote) {
        return enter(b4, internal).flatMap(inside -> mock.outbound(line(inside), inside, remote));
    }

    /** {@return where a packet from the internet comes to, and through whose tunnel} */
    Optional<InnerHost> arrival(Endpoint remote, Endpoint external) {
        return mock.cgn
                .inbound(Packet.outside(IpProtocol.UDP, remote, external))
                .flatMap(packet -> cgn.hostAt(packet.destination().address()));
    }

    /** Of Alice's. */
    @Override
    public boolean inbound(Endpoint remote, Endpoint external, Endpoint internal) {
        return arrival(remote, external).equals(Optional.of(new InnerHost(ALICE.address(), internal.address())));
    }

    @Override
    public Optional<Endpoint> hairpin(SubscriberId b4, Endpoint internal, Endpoint external, Endpoint to) {
        return enter(b4, internal)
                .flatMap(inside -> mock.hairpin(
                        line(inside), inside, external, enter(ALICE, to).orElseThrow()));
    }

    @Override
    public void converse(Endpoint remote, Endpoint external, Endpoint internal) {
        mock.converse(remote, external, enter(ALICE, internal).orElseThrow());
    }

    @Override
    public void pass(Duration time) {
        mock.pass(time);
    }
}
