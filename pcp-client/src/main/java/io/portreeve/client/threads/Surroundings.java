package io.portreeve.client.threads;

import io.portreeve.client.PcpServer;
import io.portreeve.client.ServerAddress;
import io.portreeve.client.engine.ClientEvent;
import io.portreeve.client.net.AnnounceListener;
import io.portreeve.client.net.NetworkState;
import io.portreeve.client.net.RouteWatcher;
import io.portreeve.client.net.ServerLocator;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.natpmp.ExternalAddressResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the schedule manager what nobody asked for: how the network is now, which servers it leads to, and what these say to all. */
final class Surroundings implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Surroundings.class);

    private final ServerLocator locator;
    private final Channels channels;
    private final Consumer<ClientEvent> inbox;
    private final Consumer<Throwable> onFailure;
    private final AnnounceListener announcements;
    private final CompletableFuture<Void> told = new CompletableFuture<>();
    private Optional<List<PcpServer>> servers = Optional.empty();
    private RouteWatcher watcher;

    /** @param onFailure called if nothing can be heard any more */
    Surroundings(ServerLocator locator, Channels channels, Consumer<ClientEvent> inbox, Consumer<Throwable> onFailure)
            throws IOException {
        this.locator = locator;
        this.channels = channels;
        this.inbox = inbox;
        this.onFailure = onFailure;
        announcements = AnnounceListener.start(this::heard, onFailure);
    }

    /** Returns when the inbox knows the servers: what is wanted after that can be asked of them. */
    void start() {
        watcher = RouteWatcher.start(this::follow, this::lost);
        told.join();
    }

    /** Ways and ears are those of the new network before the engine hears of it. */
    private void follow(NetworkState state) {
        announcements.follow(state);
        channels.follow(state);
        use(locator.servers(state));
        inbox.accept(new ClientEvent.NetworkChanged());
        told.complete(null);
    }

    private void use(List<PcpServer> found) {
        if (!servers.equals(Optional.of(found))) {
            LOG.debug("PCP servers: {}", found);
            servers = Optional.of(found);
            inbox.accept(new ClientEvent.Servers(found));
        }
    }

    /** Configured servers can be asked by whoever does not see the network; others cannot be found. */
    void lost(Throwable failure) {
        if (locator.configured().isEmpty()) {
            onFailure.accept(failure);
        } else {
            use(locator.configured());
        }
        told.complete(null);
    }

    /** The engine knows whether who says it is one of the servers. */
    void heard(ServerAddress source, ByteBuffer octets) {
        Datagrams.event(octets, source)
                .flatMap(Surroundings::announcement)
                .ifPresentOrElse(inbox, () -> LOG.debug("{} says no announcement to all", source));
    }

    private static Optional<ClientEvent> announcement(ClientEvent said) {
        return switch (said) {
            case ClientEvent.Received(var server, AnnounceResponse response) ->
                Optional.of(new ClientEvent.Announced(server, response));
            case ClientEvent.NatPmpReceived(var _, ExternalAddressResponse _) -> Optional.of(said);
            default -> Optional.empty();
        };
    }

    @Override
    public void close() {
        if (watcher != null) {
            watcher.close();
        }
        announcements.close();
    }
}
