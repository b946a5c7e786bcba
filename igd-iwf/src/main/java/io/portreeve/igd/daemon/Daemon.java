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
import io.portreeve.igd.upnp.SysfsWanLink;
import io.portreeve.runtime.BootClock;
import io.portreeve.runtime.MonoClock;
import io.portreeve.storage.StorageException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/** The gateway, all parts together: store, PCP client, interworking, LAN side. */
final class Daemon implements AutoCloseable {
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
            lan = LanServer.start(
                    new LanSettings(
                            settings.lanInterface(),
                            lanPrefix,
                            settings.httpPort(),
                            identity.pathToken(),
                            identity.uuid(),
                            settings.friendlyName()),
                    gateway,
                    new SysfsWanLink(settings.wanInterface()),
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
                client.mappings().join(),
                clock,
                onFailure);
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
