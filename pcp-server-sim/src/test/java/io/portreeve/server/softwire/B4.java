package io.portreeve.server.softwire;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.Joining;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.List;

/** The end of a home's tunnel: what its machine sends out of an interface goes to the AFTR, and back. RFC 6333 section 5. */
public final class B4 implements Closeable {
    private final TunnelSocket tunnel;
    private final Tun tun;
    private final PcpAddress aftr;
    private final List<Thread> threads = List.of(
            Thread.ofPlatform().name("b4-out").unstarted(() -> run(this::sendAll)),
            Thread.ofPlatform().name("b4-in").unstarted(() -> run(this::receiveAll)));

    private B4(TunnelSocket tunnel, Tun tun, PcpAddress aftr) {
        this.tunnel = tunnel;
        this.tun = tun;
        this.aftr = aftr;
    }

    /**
     * To be called inside the home.
     *
     * @param own the home's IPv6 address
     * @param name of the interface, which is down
     */
    public static B4 open(PcpAddress own, PcpAddress aftr, String name) throws TunnelException {
        var b4 = new B4(TunnelSocket.open(own), Tun.open(name), aftr);
        b4.threads.forEach(Thread::start);
        return b4;
    }

    private interface Direction {
        void run() throws TunnelException;
    }

    private static void run(Direction direction) {
        try {
            direction.run();
        } catch (TunnelException e) {
            throw new AssertionError(e);
        }
    }

    private void sendAll() throws TunnelException {
        for (var next = tun.receive(); next.isPresent(); next = tun.receive()) {
            if (next.get().get(0) >> 4 == 4) {
                tunnel.send(aftr, next.get());
            }
        }
    }

    private void receiveAll() throws TunnelException {
        for (var next = tunnel.receive(); next.isPresent(); next = tunnel.receive()) {
            tun.send(next.get().packet());
        }
    }

    /** Sends this very packet through the tunnel. */
    public static void send(PcpAddress from, PcpAddress to, byte[] packet) throws TunnelException {
        var spoofing = TunnelSocket.open(from);
        spoofing.send(to, ByteBuffer.allocateDirect(packet.length).put(packet).flip());
        spoofing.close();
    }

    @Override
    public void close() {
        tun.wake();
        tunnel.wake();
        threads.forEach(Joining::whateverComes);
        tun.close();
        tunnel.close();
    }
}
