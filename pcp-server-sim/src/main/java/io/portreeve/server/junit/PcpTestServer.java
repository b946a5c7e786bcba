package io.portreeve.server.junit;

import io.portreeve.pcp.MonoTime;
import io.portreeve.server.CannotStartException;
import io.portreeve.server.PcpServer;
import io.portreeve.server.cgn.LocalCgn;
import io.portreeve.server.store.Machine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A PCP server for a test of a PCP client, in the test's own process: on a free UDP port of 127.0.0.1, with a CGN in memory whose
 * pool is 203.0.113.1, and a state directory that goes with it. It speaks NAT-PMP on the same port. Close it.
 *
 * <p>With JUnit 5, {@link PcpServerExtension} gives one to each test that has a parameter for it. Any thread may call any method,
 * and there may be as many servers as one likes.
 */
public final class PcpTestServer implements AutoCloseable {

    /** Both say no more than that something hangs. */
    private static final Duration UNTIL_A_REQUEST = Duration.ofSeconds(30);

    private static final Duration UNTIL_AT_REST = Duration.ofSeconds(60);

    /** What virtual time begins with, so that there has been a past. */
    private static final MonoTime UPTIME = MonoTime.START.plus(Duration.ofDays(1));

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final Optional<VirtualClock> virtual;
    private final Machine machine;
    private final RequestLog log = new RequestLog(UNTIL_A_REQUEST);
    private final ServerFaults faults = new ServerFaults(() -> running().faults());
    private final TestFolder folder;
    private final PcpServer running;

    private PcpTestServer(SettingLines settings, Optional<VirtualClock> virtual) {
        this.virtual = virtual;
        machine = virtual.map(PcpTestServer::machine).orElseGet(Machine::real);
        folder = TestFolder.make();
        try {
            running = start(settings);
        } catch (RuntimeException e) {
            folder.delete();
            throw e;
        }
    }

    private static Machine machine(VirtualClock clock) {
        return new Machine("virtual", clock, () -> NOON.plus(UPTIME.until(clock.now())));
    }

    /**
     * {@return a server that answers, in real time}
     *
     * @param settings lines {@code key = value} as in the server's configuration file, such as {@code quota = 2}; of two with the same
     *     key the later counts
     * @throws IllegalArgumentException if one of them is wrong, saying what was expected
     * @throws IllegalStateException if the server cannot start
     */
    public static PcpTestServer inRealTime(String... settings) {
        return new PcpTestServer(new SettingLines(List.of(settings)), Optional.empty());
    }

    /** {@return a server as {@link #inRealTime} does, whose time stands still but for {@link #advance}} */
    public static PcpTestServer inVirtualTime(String... settings) {
        var clock = new VirtualClock(UPTIME, UNTIL_AT_REST);
        return new PcpTestServer(new SettingLines(List.of(settings)), Optional.of(clock));
    }

    private PcpServer start(SettingLines settings) {
        var read = settings.read(folder.state());
        try {
            return PcpServer.start(read, machine, log);
        } catch (CannotStartException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** {@return where it listens; the first address, if {@code listen} names more} */
    public InetSocketAddress address() {
        return running.address();
    }

    /** {@return the external address that its mappings have; the first, if {@code pool} names more} */
    public InetAddress externalAddress() {
        return running.pool().getFirst().external().toInetAddress();
    }

    /** {@return all explicit mappings in the CGN, in the order of their creation} */
    public List<LocalCgn.Entry> mappings() {
        return running.cgn().table();
    }

    /**
     * {@return the server itself, with what its operator may do} {@link PcpServer#clear() clear}, {@link PcpServer#renumber
     * renumber}, {@link PcpServer#leaseEnded leaseEnded} and {@code cgn().block} return before it is done; in virtual time it is
     * done after {@code advance(Duration.ZERO)}.
     */
    public PcpServer running() {
        return running;
    }

    /** {@return the time it lives in} A client that is given it sees its mappings end when the server does. */
    public InstantSource clock() {
        return machine.wall();
    }

    /**
     * Lets its time pass. All that is due meanwhile has happened when this returns, each thing at its own time, and what it
     * sends for that has been sent. So has the answer to each request that it had received before, unless a fault delays it
     * beyond that.
     *
     * @param time zero or more
     * @throws IllegalStateException if it lives in real time
     * @throws AssertionError if it does not come to rest within 60 s
     */
    public synchronized void advance(Duration time) {
        var clock = clockThatMoves();
        running.settle();
        clock.advance(time);
        running.settle();
        checkAlive();
    }

    private VirtualClock clockThatMoves() {
        return virtual.orElseThrow(() -> new IllegalStateException(
                "this server lives in real time; annotate the test with @VirtualTime, or make it by inVirtualTime"));
    }

    private void checkAlive() {
        if (running.failure().isDone()) {
            throw new IllegalStateException(
                    "the server has stopped by itself", running.failure().join());
        }
    }

    /** {@return what is wrong with it on purpose, to be changed} It outlives a restart. */
    public ServerFaults faults() {
        return faults;
    }

    /** Stops and starts again with its mappings. */
    public synchronized void restart() {
        restart(PcpServer::restart);
    }

    /**
     * Stops, and starts again when {@code down} has passed, as {@link #restart} does. Meanwhile nobody answers.
     *
     * @throws IllegalStateException if it lives in real time
     */
    public synchronized void restartAfter(Duration down) {
        var clock = clockThatMoves();
        restart(server -> server.restart(() -> clock.advance(down)));
    }

    /** Stops and starts again without what it knew: its mappings are gone, and its epoch begins with 0. */
    public synchronized void restartWithoutState() {
        restart(PcpServer::restartWithoutState);
    }

    private interface Restart {
        void of(PcpServer server) throws CannotStartException;
    }

    private void restart(Restart restart) {
        try {
            restart.of(running);
        } catch (CannotStartException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** {@return all requests that came since the first start, in order, readable or not} What comes later is not in it. */
    public List<ReceivedRequest> received() {
        return log.all();
    }

    /**
     * {@return the requests of one kind that came, in order}
     *
     * @param kind such as MapRequest.class, PcpRequest.class or NatPmpMapRequest.class
     */
    public <R> List<R> received(Class<R> kind) {
        return received().stream().flatMap(request -> request.as(kind).stream()).toList();
    }

    /**
     * {@return the first request of this kind that has not been returned before} Waits until it comes. The server may not have
     * answered it yet.
     *
     * @param kind such as MapRequest.class, PcpRequest.class or NatPmpMapRequest.class
     * @throws AssertionError telling what came instead, if it does not come within 30 s
     */
    public <R> R awaitRequest(Class<R> kind) {
        return awaitRequest(kind, _ -> true);
    }

    /** {@return the first request of this kind that is {@code wanted} and has not been returned before} Waits until it comes. */
    public <R> R awaitRequest(Class<R> kind, Predicate<? super R> wanted) {
        return log.await(kind, wanted);
    }

    /**
     * Stops, and leaves nothing behind.
     *
     * @throws IllegalStateException if the server had stopped by itself
     */
    @Override
    public synchronized void close() {
        running.close();
        folder.delete();
        checkAlive();
    }
}
