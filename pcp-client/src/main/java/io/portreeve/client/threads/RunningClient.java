package io.portreeve.client.threads;

import io.portreeve.client.AuditReport;
import io.portreeve.client.ClientSettings;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingView;
import io.portreeve.client.PcpClient;
import io.portreeve.client.PcpClientException;
import io.portreeve.client.ServerAddress;
import io.portreeve.client.ServerView;
import io.portreeve.client.engine.ClientEngine;
import io.portreeve.client.engine.ClientEvent;
import io.portreeve.client.engine.ClientPolicy;
import io.portreeve.client.engine.Mapping;
import io.portreeve.client.net.ServerChannel;
import io.portreeve.client.net.ServerLocator;
import io.portreeve.client.store.MappingStore;
import io.portreeve.client.store.SqliteMappingStore;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.runtime.MonoClock;
import io.portreeve.runtime.Owner;
import io.portreeve.storage.StorageException;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client at work: its threads around one engine, sockets and a store. */
public final class RunningClient implements PcpClient {
    private static final Logger LOG = LoggerFactory.getLogger(RunningClient.class);

    private final Tickets tickets = new Tickets();
    private final List<Consumer<MappingEvent>> listeners = new CopyOnWriteArrayList<>();
    private final MappingStore store;
    private final MonoClock clock;
    private final ScheduleManager owned;
    private final RequestHandler requestHandler;
    private final ResponseListener responseListener;
    private final Owner<ClientEvent> scheduleManager;
    private final Channels channels;
    private final Surroundings surroundings;

    private RunningClient(ClientSettings settings, MappingStore store, MonoClock clock, Consumer<Throwable> onFailure)
            throws StorageException, IOException {
        this.store = store;
        this.clock = clock;
        responseListener = new ResponseListener(this::put, onFailure);
        channels = new Channels(responseListener, this::put);
        owned = new ScheduleManager(
                engine(policy(settings, store, clock), store.load(clock.now())),
                store,
                channels,
                tickets,
                event -> listeners.forEach(listener -> listener.accept(event)));
        scheduleManager = new Owner<>("pcp-schedule-manager", owned, clock, onFailure);
        requestHandler = new RequestHandler(scheduleManager);
        var locator = new ServerLocator(settings.servers(), settings.wellKnown());
        surroundings = new Surroundings(locator, channels, this::put, onFailure);
    }

    /**
     * Opens the store, takes up the mappings of an earlier run and starts. A server to which there is no way any more is tried again.
     *
     * @param onFailure called once if one of the client's own threads fails, which ends it; a restart finds all mappings in
     *     the store
     * @throws PcpClientException if there is no way to the only server configured, or the store cannot be used
     */
    public static RunningClient open(ClientSettings settings, MonoClock clock, Consumer<Throwable> onFailure)
            throws PcpClientException {
        checkWay(settings);
        return openAhead(settings, clock, onFailure);
    }

    /**
     * {@return a client as {@link #open} does, though there may be no way to its server yet}
     *
     * @throws PcpClientException if the store cannot be used
     */
    public static RunningClient openAhead(ClientSettings settings, MonoClock clock, Consumer<Throwable> onFailure)
            throws PcpClientException {
        try {
            var store = new SqliteMappingStore(settings.store(), InstantSource.system());
            var client = open(settings, store, clock, onFailure);
            client.start();
            return client;
        } catch (StorageException | IOException e) {
            throw new PcpClientException(e.getMessage(), e);
        }
    }

    private static ClientPolicy policy(ClientSettings settings, MappingStore store, MonoClock clock) {
        var settled = hasCrashed(store) ? clock.now().plus(ClientPolicy.SETTLING) : MonoTime.START;
        return new ClientPolicy(settings.serviceWait(), settings.claims(), settled);
    }

    private static boolean hasCrashed(MappingStore store) {
        try {
            boolean crashed = store.begin(ClientPolicy.SETTLING);
            if (crashed) {
                LOG.warn(
                        "the last run ended soon and not in order: lifetimes asked for are short for {} minutes",
                        ClientPolicy.SETTLING.toMinutes());
            }
            return crashed;
        } catch (StorageException e) {
            LOG.warn("{}; mappings are kept in memory only until it can be written again", e.getMessage());
            return false;
        }
    }

    /** Who configures an address to which there is no way wants to know it at once. */
    private static void checkWay(ClientSettings settings) throws PcpClientException {
        var addresses = settings.servers().stream()
                .flatMap(server -> server.addresses().stream())
                .toList();
        if (addresses.size() == 1) {
            checkWay(addresses.getFirst());
        }
    }

    private static void checkWay(ServerAddress server) throws PcpClientException {
        try (var way = ServerChannel.connect(server.toSocketAddress())) {
            way.source();
        } catch (IOException e) {
            throw new PcpClientException(
                    "no way to the PCP server " + server.address() + " (" + e.getMessage()
                            + "); check the address and the route to it",
                    e);
        }
    }

    private static RunningClient open(
            ClientSettings settings, MappingStore store, MonoClock clock, Consumer<Throwable> onFailure)
            throws StorageException, IOException {
        try {
            return new RunningClient(settings, store, clock, onFailure);
        } catch (StorageException | IOException e) {
            store.close();
            throw e;
        }
    }

    private static ClientEngine engine(ClientPolicy policy, Collection<Mapping> restored) {
        var secrets = new SecureRandom();
        return new ClientEngine(
                policy,
                restored,
                () -> new MappingNonce(secrets.nextInt(), secrets.nextInt(), secrets.nextInt()),
                secrets);
    }

    private void put(ClientEvent event) {
        scheduleManager.put(event);
    }

    private void start() {
        surroundings.start();
        scheduleManager.start();
        requestHandler.start();
        responseListener.start();
    }

    @Override
    public CompletableFuture<MappingOutcome> map(MappingRequest request) {
        return tickets.forMapping(ticket -> requestHandler.put(new ClientEvent.Want(ticket, request)));
    }

    @Override
    public CompletableFuture<MappingOutcome> release(String owner, MappingKey key) {
        return tickets.forRelease(ticket -> requestHandler.put(new ClientEvent.Release(ticket, owner, key)));
    }

    @Override
    public CompletableFuture<List<MappingView>> mappings() {
        return tickets.forListing(ticket -> requestHandler.put(new ClientEvent.ListMappings(ticket)));
    }

    @Override
    public CompletableFuture<List<ServerView>> servers() {
        return tickets.forServers(ticket -> requestHandler.put(new ClientEvent.ListServers(ticket)));
    }

    @Override
    public CompletableFuture<AuditReport> audit() {
        return tickets.forAudit(ticket -> requestHandler.put(new ClientEvent.Audit(ticket)));
    }

    @Override
    public void listen(Consumer<MappingEvent> listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        requestHandler.close();
        surroundings.close();
        scheduleManager.close();
        responseListener.close();
        channels.close();
        owned.storeLast(clock.now());
        store.close();
        tickets.cancelAll();
    }
}
