package io.portreeve.igd.daemon;

import io.portreeve.client.PcpClientException;
import io.portreeve.client.net.RouteWatcher;
import io.portreeve.control.ControlException;
import io.portreeve.control.ControlSocket;
import io.portreeve.igd.gateway.Gateway;
import io.portreeve.igd.gateway.SwitchingClient;
import io.portreeve.igd.hosts.Absences;
import io.portreeve.igd.hosts.ArpTable;
import io.portreeve.igd.hosts.LeaseEvents;
import io.portreeve.igd.hosts.LeaseEventsException;
import io.portreeve.igd.http.LanServer;
import io.portreeve.igd.http.LanServerException;
import io.portreeve.igd.http.LanSettings;
import io.portreeve.igd.iwf.IgdAction;
import io.portreeve.igd.iwf.IgdCalls;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.igd.iwf.IgdReply;
import io.portreeve.igd.iwf.Interworking;
import io.portreeve.igd.iwf.IwfPolicy;
import io.portreeve.igd.metrics.MetricsException;
import io.portreeve.igd.metrics.MetricsServer;
import io.portreeve.igd.nat.LocalNat;
import io.portreeve.igd.nat.NftablesNat;
import io.portreeve.igd.nat.NoNat;
import io.portreeve.igd.report.AuditLog;
import io.portreeve.igd.ssdp.SsdpSettings;
import io.portreeve.igd.store.SqlitePortMappingStore;
import io.portreeve.igd.upnp.LinuxWanLink;
import io.portreeve.igd.upnp.WanLink;
import io.portreeve.netfilter.NetfilterException;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.BootClock;
import io.portreeve.runtime.MonoClock;
import io.portreeve.storage.FileTrouble;
import io.portreeve.storage.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway, all parts together: store, NAT, PCP client, interworking, LAN side. */
final class Daemon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    /** As long as the first two requests to a slow server take. */
    private static final int LONGEST_WAIT_SECONDS = 5;

    private final Configuration configuration;
    private final GatewaySettings settings;
    private final Consumer<Throwable> onFailure;
    private final MonoClock clock = new BootClock();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private final PendingAnswers answers = new PendingAnswers();
    private Gateway gateway;
    private String asked;
    private Reload reload;
    private Optional<AuditLog> auditLog = Optional.empty();

    private Daemon(Configuration configuration, Consumer<Throwable> onFailure) {
        this.configuration = configuration;
        settings = configuration.settings();
        this.onFailure = onFailure;
    }

    /**
     * {@return the gateway, serving}
     *
     * @param onFailure called once if a thread that owns state fails; nothing works then, and a restart finds all in the stores
     * @throws StartException if something it needs cannot be had; nothing is left behind then, here or at the provider
     */
    static Daemon start(Configuration configuration, Consumer<Throwable> onFailure) throws StartException {
        var daemon = new Daemon(configuration, onFailure);
        try {
            daemon.start();
            return daemon;
        } catch (StorageException
                | PcpClientException
                | LanServerException
                | LeaseEventsException
                | NetfilterException
                | ControlException
                | MetricsException e) {
            daemon.close();
            throw new StartException(e.getMessage());
        } catch (StartException | RuntimeException e) {
            daemon.close();
            throw e;
        }
    }

    /** First what can fail, then the provider is asked, last the LAN is told. */
    private void start()
            throws StartException, StorageException, PcpClientException, LanServerException, NetfilterException,
                    LeaseEventsException, ControlException, MetricsException {
        var started = clock.now();
        var interfaces = Interfaces.read();
        var wan = interfaces.address(settings.wanInterface());
        var addresses = interfaces.lan(settings.lanInterface(), settings.lanFamilies());
        var upstream = Upstream.of(settings, wan);
        var clients = new ProviderClients(settings, clock, onFailure);
        var link = new LinuxWanLink(settings.wanInterface());
        if (settings.auditLog().isPresent()) {
            auditLog = Optional.of(opened(auditLog(settings.auditLog().get())));
        }
        var leases = settings.leaseEvents();
        if (leases.isPresent()) {
            LeaseEvents.prepare(leases.get());
        }
        var identity = Identity.of(file("identity"));
        var beginning = Beginning.of("lan-start", () -> lanServer(identity, addresses, link));
        open.push(beginning::end);
        answer();
        var store = opened(new SqlitePortMappingStore(file("port-mappings.db"), InstantSource.system()));
        var nat = opened(nat(wan));
        var client = opened(new SwitchingClient(clients.first(upstream)));
        gateway = opened(new Gateway(
                new Interworking(policy(upstream)), client, nat, store, store.load(clock.now()), clock, onFailure));
        auditLog.ifPresent(gateway.journal()::listen);
        var lan = beginning.get();
        LOG.info("{}", upstream.explained());
        gateway.start();
        addresses.network().ifPresent(it -> gateway.lanChanged(Set.of(it)));
        if (leases.isPresent()) {
            opened(LeaseEvents.start(leases.get(), gateway, onFailure));
        }
        if (settings.hostAbsence().isPresent()) {
            opened(new Absences(
                            ArpTable.of(settings.lanInterface()),
                            settings.hostAbsence().get(),
                            this::hostsWithEntries,
                            gateway,
                            clock,
                            onFailure))
                    .start();
        }
        gateway.linkChanged(link.isUp());
        gateway.wanChanged(wan);
        if (wan.isPresent()) {
            awaitExternalAddress(upstream);
        }
        gateway.listen(lan::publish); // before the first control point may subscribe
        lan.start();
        asked = upstream.asked();
        var uplink = new Uplink(settings, clients, nat, client, gateway, upstream);
        reload = new Reload(configuration, gateway::policyChanged);
        answers.complete(new Answers(reload::inForce, uplink, gateway, client, lan, clock, started));
        var follower = new NetworkFollower(settings, uplink, gateway, lan, addresses);
        opened(RouteWatcher.start(follower, onFailure));
    }

    private void answer() throws ControlException, MetricsException {
        opened(ControlSocket.open(settings.controlSocket(), answers::to));
        if (settings.metricsPort().isPresent()) {
            opened(MetricsServer.start(settings.metricsPort().getAsInt(), answers::measured));
        }
    }

    private Set<PcpAddress> hostsWithEntries() {
        return gateway.snapshot().stream()
                .flatMap(it -> it.entries().stream())
                .map(IgdReply.Entry::internalClient)
                .collect(Collectors.toSet());
    }

    private IwfPolicy policy(Upstream upstream) {
        var policy = settings.policy();
        return policy.with(policy.access().using(upstream.portsInUse()));
    }

    private LocalNat nat(Optional<PcpAddress> wan) throws NetfilterException {
        return switch (settings.nat()) {
            case NFTABLES ->
                NftablesNat.open(
                        settings.lanInterface(),
                        settings.wanInterface(),
                        wan.orElse(PcpAddress.ANY_IPV4),
                        clock,
                        onFailure);
            case NONE -> {
                NftablesNat.remove();
                yield new NoNat();
            }
        };
    }

    /** {@return the provider that is asked for ports, in a few words} */
    String asked() {
        return asked;
    }

    private static AuditLog auditLog(Path file) throws StartException {
        try {
            return AuditLog.open(file);
        } catch (IOException e) {
            throw new StartException(file + ": cannot be opened for writing: " + FileTrouble.of(e)
                    + "; give this program the right to write there, or choose another 'audit-log'");
        }
    }

    /** Reads the configuration again, and lets go of log files that were moved away. */
    void reload() {
        reload.run();
        auditLog.ifPresent(AuditLog::reopen);
    }

    private LanServer lanServer(Identity identity, LanAddresses addresses, WanLink link) throws LanServerException {
        var lanSettings = new LanSettings(
                        addresses.on(settings.lanInterface()),
                        settings.httpPort(),
                        identity.pathToken(),
                        identity.uuid(),
                        settings.friendlyName(),
                        SsdpSettings.DEFAULT)
                .answering(settings.policy().longestAnswer());
        return LanServer.open(
                lanSettings,
                new Calls(),
                link,
                new BootIds(file("boot-id"), InstantSource.system()),
                clock,
                new SecureRandom(),
                onFailure);
    }

    /** Those of the gateway, which is there by the time that the LAN has started. */
    private final class Calls implements IgdCalls {
        @Override
        public IgdReply call(PcpAddress requester, IgdFace face, IgdAction action) {
            return gateway.call(requester, face, action);
        }

        @Override
        public Optional<IgdReply> known(PcpAddress requester, IgdFace face, IgdAction action) {
            return gateway.known(requester, face, action);
        }
    }

    private Path file(String name) {
        return settings.stateDir().resolve(name);
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }

    /** Control points that find a gateway without an external address turn away from it, and come back much later. */
    private void awaitExternalAddress(Upstream upstream) {
        try {
            gateway.firstExternal().get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            LOG.warn(
                    "the {} has told no external address yet: is it there, and may this gateway ask it? "
                            + "Until then control points see no connection",
                    upstream.asked());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new AssertionError("nobody fails it", e);
        }
    }

    /** Ends the parts in the opposite order of their beginning. Mappings stay, at the server and in the stores. */
    @Override
    public void close() {
        answers.cancel(); // or the parts that answer would wait for those who still wait for an answer
        for (var part : open) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("did not close cleanly: {}", e.toString());
            }
        }
    }
}
