package io.portreeve.server;

import io.portreeve.control.ControlException;
import io.portreeve.netfilter.NetfilterException;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.Owner;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.LocalCgn;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.channel.CgnChannelException;
import io.portreeve.server.channel.RemoteCgn;
import io.portreeve.server.control.ServerControl;
import io.portreeve.server.engine.MappingView;
import io.portreeve.server.engine.ServerEpoch;
import io.portreeve.server.engine.ServerEvent;
import io.portreeve.server.engine.ServerEvent.AddStatic;
import io.portreeve.server.engine.ServerEvent.Asks;
import io.portreeve.server.engine.ServerEvent.CgnAlive;
import io.portreeve.server.engine.ServerEvent.Clear;
import io.portreeve.server.engine.ServerEvent.ClearOf;
import io.portreeve.server.engine.ServerEvent.LeaseEnded;
import io.portreeve.server.engine.ServerEvent.Renumber;
import io.portreeve.server.engine.ServerEvent.StateLost;
import io.portreeve.server.faults.FaultLine;
import io.portreeve.server.faults.Faults;
import io.portreeve.server.faults.FaultsOrder;
import io.portreeve.server.net.BindFailure;
import io.portreeve.server.net.Counters;
import io.portreeve.server.net.PcpFront;
import io.portreeve.server.net.SeenDatagram;
import io.portreeve.server.net.Spoken;
import io.portreeve.server.store.Machine;
import io.portreeve.server.store.SqliteServerStore;
import io.portreeve.storage.FileTrouble;
import io.portreeve.storage.StorageException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A PCP server in front of its CGN, running: in its own process, or inside a test. */
public final class PcpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PcpServer.class);

    /** Both may be started at once. */
    private static final Duration UNTIL_CGN = Duration.ofSeconds(10);

    private final ServerSettings settings;
    private final Machine machine;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final CompletableFuture<Consumer<ServerEvent>> inbox = new CompletableFuture<>();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final Listings listings = new Listings(this::put);
    private final PcpFront front;
    private final FaultLine faults;
    private LocalCgn cgn;
    private ServerEpoch epoch;
    private int restored;

    private PcpServer(ServerSettings settings, Machine machine) {
        this.settings = settings;
        this.machine = machine;
        front = new PcpFront(
                this::receive, new Spoken(settings.served(), settings.policy().versions()), settings.logExchanges());
        faults = new FaultLine(
                new FaultLine.Ends(this::put, front::send, front::sendTwice), machine.clock(), failure::complete);
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
        } catch (StorageException | ControlException | BindFailure | NetfilterException | CgnChannelException e) {
            server.close();
            throw new CannotStartException(e.getMessage(), e);
        } catch (CannotStartException e) {
            server.close();
            throw e;
        } catch (CompletionException e) {
            server.close();
            throw new CannotStartException(e.getCause().getMessage(), e);
        } catch (IOException e) {
            server.close();
            throw new CannotStartException(
                    server.settings.stateDir() + ": cannot be made: " + FileTrouble.of(e)
                            + "; choose another 'state-dir'",
                    e);
        }
    }

    /** In the order that leaves no moment in which a mapping that was granted is not there. */
    private void start()
            throws StorageException, ControlException, BindFailure, NetfilterException, CannotStartException,
                    CgnChannelException, IOException {
        open.push(front);
        open.push(faults);
        faults.start();
        if (!settings.faults().equals(Faults.NONE)) {
            faults.change(settings.faults());
        }
        makePrivate(settings.stateDir());
        var store = SqliteServerStore.open(settings.stateDir().resolve("server.db"), machine);
        open.push(store);
        cgn = openCgn();
        open.push(cgn);
        var startup = Startup.of(settings.policy(), cgn, store, machine.clock(), new SecureRandom(), this::put);
        epoch = startup.epoch();
        restored = startup.restored();

        var calls = new CgnCalls(cgn, this::put);
        var loop = new ServerLoop(startup.engine(), calls, store, faults::send, listings::answer);
        var owner = new Owner<>("pcp-server", loop, machine.clock(), failure::complete);
        open.push(owner);
        inbox.complete(owner::put);
        owner.start();
        var orders = new TreeMap<>(new Operator(this).orders());
        orders.put("faults", new FaultsOrder(faults));
        open.push(ServerControl.open(settings.controlSocket(), orders));
        front.bind(settings.listen(), settings.port());
        if (startup.isLoss()) {
            put(new StateLost());
        }
    }

    private LocalCgn openCgn() throws NetfilterException, CannotStartException, IOException, CgnChannelException {
        return switch (settings.cgn()) {
            case CgnSettings.Here here -> OpenCgn.of(here, machine, failure::complete);
            case CgnSettings.Remote(int port) ->
                RemoteCgn.open(port, UNTIL_CGN, machine.clock(), until -> put(new CgnAlive(until)));
        };
    }

    private static void makePrivate(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            Files.createDirectories(directory.toAbsolutePath().getParent());
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    private void receive(Asks request) {
        faults.receive(request);
    }

    /** What happens before there is an owner waits for it. */
    private void put(ServerEvent event) {
        inbox.thenAccept(owner -> owner.accept(event));
    }

    /** {@return the engine's table} Waits for its owner. @throws CompletionException if that is too busy */
    List<MappingView> listing() {
        return listings.ask();
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

    /** {@return what the CGN leaves to it} */
    public List<PoolRange> pool() {
        return cgn.listPcpPool().toCompletableFuture().join();
    }

    /** {@return the CGN behind it, to look at and to administer} */
    public LocalCgn cgn() {
        return cgn;
    }

    /**
     * Gives a subscriber another external address in the place of the one of this family. Its mappings move there, with their ports where that is possible, and its
     * clients are told.
     *
     * @param external one of the pool's
     */
    public void renumber(SubscriberId subscriber, PcpAddress external) {
        put(new Renumber(subscriber, external));
        cgn.deleteSubscriber(subscriber, external);
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

    /** Makes a mapping without a client, which no client may delete, unless something is in its way. */
    public void addStatic(SubscriberId subscriber, IpProtocol protocol, Endpoint internal, Endpoint external) {
        put(new AddStatic(subscriber, protocol, internal, external));
    }

    /** {@return what is wrong on purpose, which may be changed while it runs} */
    public FaultLine faults() {
        return faults;
    }

    /** Waits until it knows of what its taps have seen coming, and has sent what it had decided. */
    public void settle() {
        front.settle();
    }

    /** {@return how many mappings of an earlier server it has brought back} */
    public int restored() {
        return restored;
    }

    public EpochTime epochTime() {
        return epoch.at(machine.clock().now());
    }

    /** {@return completed when the server stops by itself, with the reason} */
    public CompletableFuture<Throwable> failure() {
        return failure;
    }

    /** Stops at once. What was granted is on disk. */
    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.warn("did not close cleanly: {}", e.toString());
            }
        }
    }
}
