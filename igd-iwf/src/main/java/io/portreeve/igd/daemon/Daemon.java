package io.portreeve.igd.daemon;

import io.portreeve.client.ClientSettings;
import io.portreeve.client.PcpClient;
import io.portreeve.client.PcpClientException;
import io.portreeve.client.threads.RunningClient;
import io.portreeve.igd.gateway.Gateway;
import io.portreeve.igd.http.LanServer;
import io.portreeve.igd.http.LanServerException;
import io.portreeve.igd.http.LanSettings;
import io.portreeve.igd.iwf.Interworking;
import io.portreeve.igd.iwf.IwfPolicy;
import io.portreeve.igd.nat.NoNat;
import io.portreeve.igd.store.PortMappingStore;
import io.portreeve.igd.store.SqlitePortMappingStore;
import io.portreeve.igd.upnp.LinuxWanLink;
import io.portreeve.runtime.BootClock;
import io.portreeve.runtime.MonoClock;
import io.portreeve.storage.StorageException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway, all parts together: store, PCP client, interworking, LAN side. */
final class Daemon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    /** As long as the first two requests to a slow server take. */
    private static final int LONGEST_WAIT_SECONDS = 5;

    private final PortMappingStore store;
    private final PcpClient client;
    private final Gateway gateway;
    private final LanServer lan;

    /**
     * Starts everything; ports open last, when all that was stored is known.
     *
     * @param onFailure called once if a thread that owns state fails; nothing works then, and a restart finds all in the stores
     */
    Daemon(GatewaySettings settings, Consumer<Throwable> onFailure) throws StartException {
        var clock = new BootClock();
        var lanPrefix = Interfaces.prefix(settings.lanInterface());
        var wan = Interfaces.address(settings.wanInterface());
        var identity = Identity.of(settings.stateDir().resolve("identity"));
        try {
            store = new SqlitePortMappingStore(settings.stateDir().resolve("port-mappings.db"), InstantSource.system());
            client = RunningClient.open(
                    new ClientSettings(
                            settings.pcpServer(),
                            settings.pcpPort(),
                            settings.stateDir().resolve("pcp-mappings.db")),
                    clock,
                    onFailure);
            gateway = gateway(clock, onFailure);
            gateway.start();
            gateway.wanChanged(Optional.of(wan));
            awaitExternalAddress();
            lan = LanServer.start(
                    new LanSettings(
                            settings.lanInterface(),
                            lanPrefix,
                            settings.httpPort(),
                            identity.pathToken(),
                            identity.uuid(),
                            settings.friendlyName()),
                    gateway,
                    new LinuxWanLink(settings.wanInterface()),
                    clock,
                    new SecureRandom());
        } catch (StorageException | PcpClientException | LanServerException e) {
            throw new StartException(e.getMessage());
        }
    }

    private Gateway gateway(MonoClock clock, Consumer<Throwable> onFailure) throws StorageException {
        return new Gateway(
                new Interworking(IwfPolicy.DEFAULT),
                client,
                new NoNat(),
                store,
                store.load(clock.now()),
                clock,
                onFailure);
    }

    /** Control points that find a gateway without an external address turn away from it, and come back much later. */
    private void awaitExternalAddress() {
        try {
            var external = gateway.firstExternal().get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
            LOG.info("the external address is {}", external);
        } catch (TimeoutException e) {
            LOG.warn("the PCP server has not told an external address yet; control points may see no connection");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new AssertionError("nobody fails it", e);
        }
    }

    /** Says goodbye to the LAN, then ends the rest. Mappings stay, at the server and in the stores. */
    @Override
    public void close() {
        lan.close();
        gateway.close();
        client.close();
        store.close();
    }
}
