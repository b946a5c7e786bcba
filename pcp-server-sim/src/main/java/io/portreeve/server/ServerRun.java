package io.portreeve.server;

import io.portreeve.netfilter.NetfilterException;
import io.portreeve.runtime.Owner;
import io.portreeve.server.cgn.LocalCgn;
import io.portreeve.server.channel.CgnChannelException;
import io.portreeve.server.channel.RemoteCgn;
import io.portreeve.server.engine.Addition;
import io.portreeve.server.engine.MappingView;
import io.portreeve.server.engine.Move;
import io.portreeve.server.engine.ServerEffect.Administered;
import io.portreeve.server.engine.ServerEffect.Listing;
import io.portreeve.server.engine.ServerEffect.Renumbered;
import io.portreeve.server.engine.ServerEffect.Shown;
import io.portreeve.server.engine.ServerEpoch;
import io.portreeve.server.engine.ServerEvent;
import io.portreeve.server.engine.ServerEvent.CgnAlive;
import io.portreeve.server.engine.ServerEvent.ListMappings;
import io.portreeve.server.engine.ServerEvent.StateLost;
import io.portreeve.server.faults.FaultLine;
import io.portreeve.server.faults.Faults;
import io.portreeve.server.net.PcpFront;
import io.portreeve.server.store.Machine;
import io.portreeve.server.store.SqliteServerStore;
import io.portreeve.storage.FileTrouble;
import io.portreeve.storage.SqliteFile;
import io.portreeve.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server from one start to its end or restart: all of it but its sockets and those who look at it. */
final class ServerRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServerRun.class);

    /** Both may be started at once. */
    private static final Duration UNTIL_CGN = Duration.ofSeconds(10);

    private final ServerSettings settings;
    private final Machine machine;
    private final Consumer<Throwable> onFailure;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Inlet inlet = new Inlet();
    private final Questions<List<MappingView>> listings = new Questions<>(this::put);
    private final Questions<Addition> additions = new Questions<>(this::put);
    private final Questions<Move> moves = new Questions<>(this::put);
    private final FaultLine faults;
    private LocalCgn cgn;
    private Startup startup;

    private ServerRun(ServerSettings settings, Machine machine, PcpFront front, Consumer<Throwable> onFailure) {
        this.settings = settings;
        this.machine = machine;
        this.onFailure = onFailure;
        faults =
                new FaultLine(new FaultLine.Ends(this::put, front::send, front::sendTwice), machine.clock(), onFailure);
    }

    /**
     * {@return a server that may begin to answer} Close it.
     *
     * @param wrong its faults
     * @param onFailure called when it stops by itself
     */
    static ServerRun start(
            ServerSettings settings, Machine machine, PcpFront front, Faults wrong, Consumer<Throwable> onFailure)
            throws CannotStartException {
        var run = new ServerRun(settings, machine, front, onFailure);
        try {
            run.start(wrong);
            return run;
        } catch (StorageException | NetfilterException | CgnChannelException e) {
            run.close();
            throw new CannotStartException(e.getMessage(), e);
        } catch (CannotStartException e) {
            run.close();
            throw e;
        } catch (CompletionException e) {
            run.close();
            throw new CannotStartException(e.getCause().getMessage(), e);
        } catch (IOException e) {
            run.close();
            throw new CannotStartException(
                    settings.stateDir() + ": cannot be made: " + FileTrouble.of(e) + "; choose another 'state-dir'", e);
        }
    }

    /** In the order that leaves no moment in which a mapping that was granted is not there. */
    private void start(Faults wrong)
            throws StorageException, NetfilterException, CannotStartException, CgnChannelException, IOException {
        open.push(faults);
        faults.start();
        makePrivate(settings.stateDir());
        var store = SqliteServerStore.open(database(settings), machine);
        open.push(store);
        cgn = openCgn();
        open.push(cgn);
        startup = Startup.of(settings.policy(), cgn, store, machine.clock(), new SecureRandom(), this::put);

        var calls = new CgnCalls(cgn, faults::answer);
        var loop = new ServerLoop(startup.engine(), calls, store, faults::send, this::answer);
        var owner = new Owner<>("pcp-server", loop, machine.clock(), onFailure);
        open.push(owner);
        inlet.open(owner::put);
        owner.start();
        if (!wrong.equals(Faults.NONE)) {
            faults.change(wrong);
        }
    }

    private LocalCgn openCgn() throws NetfilterException, CannotStartException, IOException, CgnChannelException {
        return switch (settings.cgn()) {
            case CgnSettings.Here here -> OpenCgn.of(here, machine, onFailure);
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

    private static Path database(ServerSettings settings) {
        return settings.stateDir().resolve("server.db");
    }

    /** Removes what a server would remember that starts with these settings; none may run. */
    static void forget(ServerSettings settings) throws CannotStartException {
        try {
            SqliteFile.delete(database(settings));
        } catch (StorageException e) {
            throw new CannotStartException(e.getMessage(), e);
        }
    }

    /** Tells all clients if they may have what this server does not know. */
    void announceLoss() {
        if (startup.isLoss()) {
            put(new StateLost());
        }
    }

    void put(ServerEvent event) {
        inlet.put(event);
    }

    FaultLine faults() {
        return faults;
    }

    /** {@return the engine's table} Waits for its owner. @throws CompletionException if that is too busy */
    List<MappingView> listing() {
        return listings.ask(ListMappings::new).join();
    }

    /** {@return what becomes of what {@code order} wants; it fails if that takes too long} */
    CompletableFuture<Addition> add(LongFunction<ServerEvent> order) {
        return additions.ask(order);
    }

    /** {@return what becomes of the move that {@code order} wants; it fails if that takes too long} */
    CompletableFuture<Move> move(LongFunction<ServerEvent> order) {
        return moves.ask(order);
    }

    private void answer(Shown answer) {
        switch (answer) {
            case Listing(long id, var mappings) -> listings.answer(id, mappings);
            case Administered(long id, var outcome) -> additions.answer(id, outcome);
            case Renumbered(long id, var outcome) -> moves.answer(id, outcome);
        }
    }

    LocalCgn cgn() {
        return cgn;
    }

    ServerEpoch epoch() {
        return startup.epoch();
    }

    /** {@return how many mappings of an earlier server it has brought back} */
    int restored() {
        return startup.restored();
    }

    /** Stops at once. What was granted is on disk. */
    @Override
    public void close() {
        closeAll(open);
    }

    /** Closes the last first, whatever becomes of one. */
    static void closeAll(Deque<AutoCloseable> open) {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.warn("did not close cleanly: {}", e.toString());
            }
        }
    }
}
