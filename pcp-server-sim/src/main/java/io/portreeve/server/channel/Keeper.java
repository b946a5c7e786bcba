package io.portreeve.server.channel;

import io.portreeve.pcp.MonoTime;
import io.portreeve.runtime.MonoClock;
import io.portreeve.server.cgn.CgnException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a session with the CGN: begins one as soon as there is none, and says every second that the server lives. */
final class Keeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofMillis(250);

    private final int port;
    private final MonoClock clock;
    private final RemoteCgn cgn;
    private final Consumer<MonoTime> alive;
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile String trouble = "";
    private volatile Optional<Link> current = Optional.empty();

    Keeper(int port, MonoClock clock, RemoteCgn cgn, Consumer<MonoTime> alive) {
        this.port = port;
        this.clock = clock;
        this.cgn = cgn;
        this.alive = alive;
    }

    /** Waits for the first session. */
    void start(Duration patience) throws CgnChannelException {
        Thread.ofPlatform().name("cgn-keeper").daemon().start(this::keep);
        try {
            first.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new CgnChannelException(
                    "no CGN answers at 127.0.0.1:" + port + " (" + trouble + "); start it, or correct 'cgn-port'");
        } catch (ExecutionException e) {
            throw new AssertionError("nobody fails it", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CgnChannelException("interrupted while waiting for the CGN at 127.0.0.1:" + port);
        }
    }

    private void keep() {
        try {
            do {
                attempt();
            } while (!closed.await(RETRY.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            LOG.error("nobody interrupts this thread", e);
        }
    }

    /** Nobody else begins sessions: whatever goes wrong in one, the next must come. */
    private void attempt() throws InterruptedException {
        try {
            session();
            alive.accept(clock.now());
        } catch (RuntimeException e) {
            LOG.error("the session with the CGN ends by a mistake in this program; the next one begins", e);
            trouble = e.toString();
        }
    }

    private void session() throws InterruptedException {
        var began = clock.now(); // before the first question, so that what is answered was so then
        try (var link = Link.open(port, Session.PATIENCE, cgn::deleted)) {
            current = Optional.of(link);
            cgn.restore(link);
            alive.accept(began.plus(Session.PATIENCE));
            well();
            beat(link);
        } catch (IOException | CgnException e) {
            if (closed.getCount() > 0) {
                troubled(e.getMessage());
            }
        } finally {
            current = Optional.empty();
            cgn.lose();
        }
    }

    private void well() {
        first.complete(null);
        if (!trouble.isEmpty()) {
            LOG.info("the CGN at 127.0.0.1:{} has all mappings again", port);
        }
        trouble = "";
    }

    private void troubled(String why) {
        if (trouble.isEmpty() && first.isDone()) {
            LOG.error("the CGN at 127.0.0.1:{} does not answer: {}; nothing is mapped until it does", port, why);
        }
        trouble = why;
    }

    private void beat(Link link) throws InterruptedException, IOException {
        while (closed.getCount() > 0) {
            var sent = clock.now();
            if (!answers(link)) {
                throw new IOException("it is silent");
            }
            alive.accept(sent.plus(Session.PATIENCE));
            if (link.isOverWithin(BEAT)) {
                throw new IOException("it has ended the session");
            }
        }
    }

    private static boolean answers(Link link) throws InterruptedException {
        try {
            link.ask("alive").get(Session.PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        }
    }

    @Override
    public void close() {
        closed.countDown();
        current.ifPresent(Link::close);
    }
}
