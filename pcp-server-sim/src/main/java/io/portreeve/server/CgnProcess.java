package io.portreeve.server;

import io.portreeve.netfilter.NetfilterException;
import io.portreeve.server.cgn.HostedCgn;
import io.portreeve.server.channel.CgnServer;
import io.portreeve.server.store.Machine;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** A CGN as a program of its own, at the other end of its PCP server's control channel. */
public final class CgnProcess implements AutoCloseable {
    private final HostedCgn cgn;
    private final CgnServer channel;
    private final CompletableFuture<Throwable> failure;

    private CgnProcess(HostedCgn cgn, CgnServer channel, CompletableFuture<Throwable> failure) {
        this.cgn = cgn;
        this.channel = channel;
        this.failure = failure;
    }

    /** {@return one that waits for its server} */
    public static CgnProcess start(CgnProcessSettings settings) throws CannotStartException {
        var machine = Machine.real();
        var failure = new CompletableFuture<Throwable>();
        HostedCgn cgn;
        try {
            cgn = OpenCgn.of(settings.cgn(), machine, failure::complete);
        } catch (NetfilterException | IOException e) {
            throw new CannotStartException(e.getMessage(), e);
        }
        try {
            return new CgnProcess(
                    cgn, CgnServer.open(cgn, settings.port(), machine.clock(), failure::complete), failure);
        } catch (IOException e) {
            cgn.close();
            throw new CannotStartException(
                    "cannot listen on 127.0.0.1:" + settings.port() + ": " + e.getMessage()
                            + "; stop the program that has this TCP port, or choose another 'cgn-port'",
                    e);
        }
    }

    /** {@return the TCP port of its control channel} */
    public int port() {
        return channel.port();
    }

    public HostedCgn cgn() {
        return cgn;
    }

    /** {@return completed when it stops by itself, with the reason} */
    public CompletableFuture<Throwable> failure() {
        return failure;
    }

    @Override
    public void close() {
        try (cgn) {
            channel.close();
        }
    }
}
