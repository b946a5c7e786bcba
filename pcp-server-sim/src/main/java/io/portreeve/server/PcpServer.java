package io.portreeve.server;

import io.portreeve.control.ControlException;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.capture.CaptureOrder;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.LocalCgn;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.control.OrderRefused;
import io.portreeve.server.control.ServerControl;
import io.portreeve.server.engine.Addition;
import io.portreeve.server.engine.MappingView;
import io.portreeve.server.engine.Move;
import io.portreeve.server.engine.ServerEvent;
import io.portreeve.server.engine.ServerEvent.AddStatic;
import io.portreeve.server.engine.ServerEvent.Asks;
import io.portreeve.server.engine.ServerEvent.Clear;
import io.portreeve.server.engine.ServerEvent.ClearOf;
import io.portreeve.server.engine.ServerEvent.LeaseEnded;
import io.portreeve.server.engine.ServerEvent.Renumber;
import io.portreeve.server.faults.FaultLine;
import io.portreeve.server.faults.Faults;
import io.portreeve.server.faults.FaultsOrder;
import io.portreeve.server.net.BindFailure;
import io.portreeve.server.net.Counters;
import io.portreeve.server.net.PcpFront;
import io.portreeve.server.net.SeenDatagram;
import io.portreeve.server.net.Spoken;
import io.portreeve.server.store.Machine;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A PCP server in front of its CGN, running: in its own process, or inside a test. */
public final class PcpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PcpServer.class);

    private final ServerSettings settings;
    private final Machine machine;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final PcpFront front;
    private volatile ServerRun run;

    private PcpServer(ServerSettings settings, Machine machine) {
        this.settings = settings;
        this.machine = machine;
        front = new PcpFront(
                this::receive,
                settings.policy().access()::subscriberAt,
                new Spoken(settings.served(), settings.policy().versions()),
                settings.logExchanges());
    }

    /** {@return a server that answers} Close it. */
    public static PcpServer start(ServerSettings settings) throws CannotStartException {
        return start(settings, Machine.real());
    }

    /** {@return a server on a machine whose clocks and boots a test may choose} */
    public static PcpServer start(ServerSettings settings, Machine machine) throws CannotStartException {
        return started(new PcpServer(settings, machine));
    }

    /**
     * {@return a server of which every datagram is seen, from the first on}
     *
     * @param tap told on the network's thread, which it must not make wait
     */
    public static PcpServer start(ServerSettings settings, Machine machine, Consumer<SeenDatagram> tap)
            throws CannotStartException {
        var server = new PcpServer(settings, machine);
        server.front.taps().add(tap);
        return started(server);
    }

    private static PcpServer started(PcpServer server) throws CannotStartException {
        try {
            server.start();
            return server;
        } catch (ControlException | BindFailure e) {
            server.close();
            throw new CannotStartException(e.getMessage(), e);
        } catch (CannotStartException e) {
            server.close();
            throw e;
        }
    }

    private void start() throws ControlException, BindFailure, CannotStartException {
        open.push(front);
        startRun(settings.faults());
        open.push(() -> run.close());
        var orders = new TreeMap<>(new Operator(this).orders());
        orders.put("faults", new FaultsOrder(() -> run.faults()));
        var capture = new CaptureOrder(front.taps(), machine.wall());
        open.push(capture);
        orders.put("capture", capture);
        open.push(ServerControl.open(settings.controlSocket(), orders));
        startCapture(capture);
        front.bind(settings.listen(), settings.port());
        if (settings.encapsulationPort().isPresent()) {
            front.bindEncapsulation(settings.encapsulationPort().getAsInt());
        }
        run.announceLoss();
    }

    private void startCapture(CaptureOrder capture) throws CannotStartException {
        if (settings.capture().isEmpty()) {
            return;
        }
        try {
            capture.begin(settings.capture().get());
        } catch (OrderRefused e) {
            throw new CannotStartException("'capture': " + e.getMessage(), e);
        }
    }

    private void startRun(Faults faults) throws CannotStartException {
        run = ServerRun.start(settings, machine, front, faults, failure::complete);
    }

    /**
     * Stops, and starts again with what it has stored: to its clients nothing has happened. The faults stay, and so do sockets and
     * counters; whatever is under way is lost.
     *
     * @throws CannotStartException if it could not start again; it has stopped by itself then
     */
    public void restart() throws CannotStartException {
        stopAndStart(() -> {});
    }

    /**
     * The same, down for a while. Whoever asks meanwhile gets no answer.
     *
     * @param whileDown done between its end and its start
     */
    public void restart(Runnable whileDown) throws CannotStartException {
        stopAndStart(whileDown::run);
    }

    /** The same without what it has stored: it knows nothing of its mappings any more, and tells its clients. */
    public void restartWithoutState() throws CannotStartException {
        stopAndStart(() -> ServerRun.forget(settings));
    }

    @FunctionalInterface
    private interface Between {
        void runs() throws CannotStartException;
    }

    private synchronized void stopAndStart(Between then) throws CannotStartException {
        if (open.isEmpty()) {
            throw new CannotStartException("it is being closed", null);
        }
        var faults = run.faults().faults();
        run.close();
        try {
            then.runs();
            startRun(faults);
            run.announceLoss();
        } catch (CannotStartException e) {
            LOG.error("cannot start again: {}", e.getMessage());
            failure.complete(e);
            throw e;
        }
        LOG.info("started again: {} mappings restored, epoch {}", restored(), epochTime());
    }

    /** What comes while it restarts is lost. */
    private void receive(Asks request) {
        run.faults().receive(request);
    }

    private void put(ServerEvent event) {
        run.put(event);
    }

    /** {@return the engine's table} Waits for its owner. @throws CompletionException if that is too busy */
    public List<MappingView> listing() {
        return run.listing();
    }

    /** {@return what has come and gone since the start} */
    public Counters counters() {
        return front.counters();
    }

    /** {@return where it listens, one for each address of the settings} */
    public List<InetSocketAddress> addresses() {
        return front.addresses();
    }

    /** {@return where it listens} The first, if there are more. */
    public InetSocketAddress address() {
        return addresses().getFirst();
    }

    /** {@return where a CGN hands over packets from tunnels; empty if none does} */
    public Optional<InetSocketAddress> encapsulationAddress() {
        return front.encapsulationAddress();
    }

    /** {@return what the CGN leaves to it} */
    public List<PoolRange> pool() {
        return cgn().listPcpPool().toCompletableFuture().join();
    }

    /** {@return the CGN behind it, to look at and to administer} A restart may bring another. */
    public LocalCgn cgn() {
        return run.cgn();
    }

    /**
     * Gives a subscriber another external address in the place of the one of this family. Its mappings move there, with their
     * ports where that is possible, and its clients are told.
     *
     * @param external one of the pool's
     * @return what becomes of it, as soon as that is certain; it fails after a few seconds, though it may be done after all
     */
    public CompletableFuture<Move> renumber(SubscriberId subscriber, PcpAddress external) {
        var outcome = run.move(id -> new Renumber(id, subscriber, external));
        cgn().deleteSubscriber(subscriber, external);
        return outcome;
    }

    /** Takes all mappings away but the static ones, and tells all clients. */
    public void clear() {
        put(new Clear());
    }

    /** Takes the mappings of one subscriber away but the static ones, and tells its client. */
    public void clear(SubscriberId subscriber) {
        put(new ClearOf(subscriber));
    }

    /**
     * Takes the mappings away that lead to this address or were asked for by it, as if they had expired: a DHCP server took it
     * back, and whoever has it next must not get their packets. Source: RFC 6887 section 15.
     */
    public void leaseEnded(PcpAddress address) {
        put(new LeaseEnded(address));
    }

    /**
     * Makes a mapping without a client, which no client may delete, unless something is in its way.
     *
     * @return what becomes of it, as soon as that is certain; it fails after a few seconds, though it may be made after all
     */
    public CompletableFuture<Addition> addStatic(
            SubscriberId subscriber, IpProtocol protocol, Endpoint internal, Endpoint external) {
        return run.add(id -> new AddStatic(id, subscriber, protocol, internal, external));
    }

    /** {@return what is wrong on purpose, which may be changed while it runs} */
    public FaultLine faults() {
        return run.faults();
    }

    /** Waits until it knows of what its taps have seen coming, and has sent what it had decided. */
    public void settle() {
        front.settle();
    }

    /** {@return how many mappings of an earlier server it has brought back} */
    public int restored() {
        return run.restored();
    }

    public EpochTime epochTime() {
        return run.epoch().at(machine.clock().now());
    }

    /** {@return completed when the server stops by itself, with the reason} */
    public CompletableFuture<Throwable> failure() {
        return failure;
    }

    /** Stops at once. What was granted is on disk. */
    @Override
    public synchronized void close() {
        ServerRun.closeAll(open);
    }
}
