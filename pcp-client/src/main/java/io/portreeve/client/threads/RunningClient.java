package io.portreeve.client.threads;

import io.portreeve.client.ClientSettings;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingView;
import io.portreeve.client.PcpClient;
import io.portreeve.client.PcpClientException;
import io.portreeve.client.engine.ClientEngine;
import io.portreeve.client.engine.ClientEvent;
import io.portreeve.client.net.ServerChannel;
import io.portreeve.client.store.MappingStore;
import io.portreeve.client.store.SqliteMappingStore;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.runtime.MonoClock;
import io.portreeve.runtime.Owner;
import io.portreeve.storage.StorageException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The client at work: three threads around one engine, a socket and a store. */
public final class RunningClient implements PcpClient {
    private final Tickets tickets = new Tickets();
    private final List<Consumer<MappingEvent>> listeners = new CopyOnWriteArrayList<>();
    private final MappingStore store;
    private final MonoClock clock;
    private final ScheduleManager owned;
    private final RequestHandler requestHandler;
    private final ResponseListener responseListener;
    private final Owner<ClientEvent> scheduleManager;

    private RunningClient(
            MappingStore store,
            ServerChannel channel,
            ClientEngine engine,
            MonoClock clock,
            Consumer<Throwable> onFailure) {
        this.store = store;
        this.clock = clock;
        owned = new ScheduleManager(
                engine,
                store,
                channel,
                tickets,
                event -> listeners.forEach(listener -> listener.accept(event)),
                this::unreachable);
        scheduleManager = new Owner<>("pcp-schedule-manager", owned, clock, onFailure);
        requestHandler = new RequestHandler(scheduleManager);
        responseListener = new ResponseListener(channel, scheduleManager, onFailure);
    }

    /**
     * Opens the store, connects, takes up the mappings of an earlier run and starts.
     *
     * @param onFailure called once if the client's own thread fails, which ends it; a restart finds all mappings in the store
     * @throws PcpClientException if the store cannot be used or there is no way to the server
     */
    public static RunningClient open(ClientSettings settings, MonoClock clock, Consumer<Throwable> onFailure)
            throws PcpClientException {
        var channel = connect(settings);
        try {
            return open(channel, new SqliteMappingStore(settings.store(), InstantSource.system()), clock, onFailure);
        } catch (StorageException | IOException e) {
            throw notStarted(channel, e);
        }
    }

    private static RunningClient open(
            ServerChannel channel, MappingStore store, MonoClock clock, Consumer<Throwable> onFailure)
            throws StorageException, IOException {
        try {
            var client = new RunningClient(store, channel, engine(channel, store, clock), clock, onFailure);
            client.start();
            return client;
        } catch (StorageException | IOException e) {
            store.close();
            throw e;
        }
    }

    private static PcpClientException notStarted(ServerChannel channel, Exception cause) {
        try {
            channel.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        return new PcpClientException(cause.getMessage(), cause);
    }

    private static ServerChannel connect(ClientSettings settings) throws PcpClientException {
        try {
            return ServerChannel.connect(new InetSocketAddress(settings.server().toInetAddress(), settings.port()));
        } catch (IOException e) {
            throw new PcpClientException(
                    "no way to the PCP server " + settings.server() + " (" + e.getMessage()
                            + "); check the address and the route to it",
                    e);
        }
    }

    private static ClientEngine engine(ServerChannel channel, MappingStore store, MonoClock clock)
            throws StorageException, IOException {
        var now = clock.now();
        var secrets = new SecureRandom();
        return new ClientEngine(
                channel.source(),
                store.load(now),
                () -> new MappingNonce(secrets.nextInt(), secrets.nextInt(), secrets.nextInt()),
                secrets,
                now);
    }

    private void unreachable() {
        scheduleManager.put(new ClientEvent.Unreachable());
    }

    private void start() {
        scheduleManager.start();
        requestHandler.start();
        responseListener.start();
    }

    @Override
    public CompletableFuture<MappingOutcome> map(MappingRequest request) {
        return tickets.forOutcome(ticket -> requestHandler.put(new ClientEvent.Want(ticket, request)));
    }

    @Override
    public CompletableFuture<MappingOutcome> release(String owner, MappingKey key) {
        return tickets.forOutcome(ticket -> requestHandler.put(new ClientEvent.Release(ticket, owner, key)));
    }

    @Override
    public CompletableFuture<List<MappingView>> mappings() {
        return tickets.forListing(ticket -> requestHandler.put(new ClientEvent.ListMappings(ticket)));
    }

    @Override
    public void listen(Consumer<MappingEvent> listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        requestHandler.close();
        responseListener.close();
        scheduleManager.close();
        owned.storeLast(clock.now());
        store.close();
        tickets.cancelAll();
    }
}
