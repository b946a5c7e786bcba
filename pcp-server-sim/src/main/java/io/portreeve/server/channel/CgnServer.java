package io.portreeve.server.channel;

import io.portreeve.runtime.Joining;
import io.portreeve.runtime.MonoClock;
import io.portreeve.runtime.Owner;
import io.portreeve.server.cgn.HostedCgn;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The CGN's end of the control channel: takes connections at the loopback interface, and obeys the server that came last. */
public final class CgnServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CgnServer.class);
    private static final int MOST_WAITING = 16;

    private final ServerSocket listening;
    private final Owner<ChannelEvent> owner;
    private final Thread accepting =
            Thread.ofPlatform().name("cgn-accept").daemon().unstarted(this::accept);
    private final Set<Line> lines = ConcurrentHashMap.newKeySet();

    private CgnServer(ServerSocket listening, HostedCgn cgn, MonoClock clock, Consumer<Throwable> onFailure) {
        this.listening = listening;
        owner = new Owner<>("cgn-channel", new ChannelLoop(cgn), clock, onFailure);
        cgn.onDeletedSubscriber(handle -> owner.put(new ChannelEvent.Deleted(handle)));
    }

    /**
     * {@return one that serves}
     *
     * @param cgn not closed by this
     * @param port TCP, on 127.0.0.1 alone; 0 for any free one
     * @param onFailure called once if it can work no longer
     * @throws IOException if the port cannot be had
     */
    public static CgnServer open(HostedCgn cgn, int port, MonoClock clock, Consumer<Throwable> onFailure)
            throws IOException {
        var server = new CgnServer(new ServerSocket(port, MOST_WAITING, Line.here()), cgn, clock, onFailure);
        server.owner.start();
        server.accepting.start();
        return server;
    }

    public int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                serve(listening.accept());
            } catch (IOException e) {
                if (!listening.isClosed()) {
                    LOG.warn("a server could not connect: {}", e.getMessage());
                }
            }
        }
    }

    private void serve(Socket socket) throws IOException {
        var line = new Line(socket);
        lines.add(line);
        Thread.ofPlatform().name("cgn-line").daemon().start(() -> read(line));
    }

    private void read(Line line) {
        try (line) {
            for (var said = line.read(); said.isPresent(); said = line.read()) {
                owner.put(new ChannelEvent.Said(line, said.get()));
            }
        } catch (IOException e) {
            LOG.debug("the channel: {}", e.getMessage());
        } finally {
            lines.remove(line);
            owner.put(new ChannelEvent.Ended(line));
        }
    }

    /** Its port is free then: the kernel keeps it until nobody waits there any more. */
    @Override
    public void close() {
        try (owner) {
            listening.close();
            Joining.whateverComes(accepting);
            lines.forEach(Line::close);
        } catch (IOException e) {
            LOG.warn("the channel does not close cleanly: {}", e.getMessage());
        }
    }
}
