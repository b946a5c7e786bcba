package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.CgnContract.ALICE;
import static io.portreeve.server.cgn.CgnContract.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A CGN made of the kernel, which serves, with one subscriber. She has two hosts that anybody can call by their ports. */
abstract class AlicesCgn {
    static final Endpoint HOST = new Endpoint(ALICE.address(), 8080);
    static final Endpoint OTHER_HOST = new Endpoint(ALICE.address(), 8081);

    CgnNetwork network;
    NftablesCgn cgn;
    Subscriber alice;

    @BeforeEach
    void open() throws Exception {
        network = new CgnNetwork();
        start();
        done(cgn.unlockDynamic());
    }

    @AfterEach
    void close() throws IOException {
        network.close();
    }

    /** Opens it, locked. */
    void start() throws Exception {
        cgn = network.cgn(100);
        alice = done(cgn.getSubscriber(ALICE));
    }

    Endpoint external(int port) {
        return new Endpoint(alice.external(), port);
    }

    CgnMapping mapping(IpProtocol protocol, Endpoint internal, int port) {
        return new CgnMapping(alice.handle(), protocol, internal, external(port));
    }

    PcpMapHandle map(IpProtocol protocol, Endpoint internal, int port) {
        return done(cgn.createPcpMapping(mapping(protocol, internal, port)));
    }

    Udp inside(Endpoint local) throws Exception {
        return network.inside(local.address(), local.port());
    }

    Udp caller() throws Exception {
        return network.outside(CgnNetwork.INTERNET, 7000);
    }

    ServerSocket listening() throws Exception {
        return network.subscribers.open(
                () -> new ServerSocket(HOST.port(), 5, HOST.address().toInetAddress()));
    }

    Socket connection(int port) throws Exception {
        return network.internet.open(() -> new Socket(alice.external().toInetAddress(), port));
    }

    /** Expects what {@code caller} sends to an external port to come to {@code host}. */
    void assertLeads(Udp caller, int port, Udp host, String text) throws IOException {
        caller.send(text, external(port));
        assertThat(host.receive().text()).isEqualTo(text);
    }

    /** Expects what {@code caller} sends to a port not to come to {@code host}, told by what comes to {@code other} after it. */
    void assertLeadsNoMore(Udp caller, int port, Udp host, int otherPort, Udp other) throws IOException {
        caller.send("late", external(port));
        assertLeads(caller, otherPort, other, "marker");
        assertThat(host.hasReceived()).isFalse();
    }
}
