package io.portreeve.igd.http;

import io.portreeve.igd.gena.Eventing;
import io.portreeve.igd.iwf.GatewayState;
import io.portreeve.igd.iwf.IgdCalls;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.igd.ssdp.AdvertisedFaces;
import io.portreeve.igd.ssdp.Lan;
import io.portreeve.igd.ssdp.Presence;
import io.portreeve.igd.ssdp.SsdpResponder;
import io.portreeve.igd.ssdp.SsdpWriter;
import io.portreeve.igd.upnp.InternetGateway;
import io.portreeve.igd.upnp.WanLink;
import io.portreeve.runtime.MonoClock;
import java.io.IOException;
import java.net.BindException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The LAN side of the gateway: control points find it, read about it, call it, and are told what changes. */
public final class LanServer implements AutoCloseable {
    private final InternetGateway gateway;
    private final Eventing eventing;
    private final int httpPort;
    private final LanHttp http;
    private final SsdpResponder ssdp;
    private final IntSupplier bootIds;
    private final RejectCounters rejects;

    /** Guarded by this. */
    private Map<Lan, LanListener> listeners = Map.of();

    private boolean started;

    /**
     * Takes all ports, so that nothing else has to be undone if one cannot be had.
     *
     * @param calls does what control points ask
     * @param bootIds gives a larger BOOTID.UPNP.ORG each time, over all starts
     * @param onFailure called once by each thread that owns state if it fails; control points are served half at most then
     * @throws LanServerException if an interface, an address or a port cannot be had
     */
    public static LanServer open(
            LanSettings settings,
            IgdCalls calls,
            WanLink wan,
            IntSupplier bootIds,
            MonoClock clock,
            RandomGenerator random,
            Consumer<Throwable> onFailure)
            throws LanServerException {
        var gateway = new InternetGateway(
                "/" + settings.pathToken(), settings.deviceUuid(), settings.friendlyName(), calls, wan);
        var server = new LanServer(settings, gateway, bootIds, clock, random, onFailure);
        try {
            server.readdress(settings.lans());
            return server;
        } catch (LanServerException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private LanServer(
            LanSettings settings,
            InternetGateway gateway,
            IntSupplier bootIds,
            MonoClock clock,
            RandomGenerator random,
            Consumer<Throwable> onFailure)
            throws LanServerException {
        httpPort = settings.httpPort();
        rejects = new RejectCounters();
        this.gateway = gateway;
        eventing = new Eventing(clock, random, onFailure);
        http = new LanHttp(gateway, eventing, rejects, LanHttp.Patience.of(settings.patience()));
        this.bootIds = bootIds;
        try {
            var faces = AdvertisedFaces.of(gateway.advertised(IgdFace.V1), gateway.advertised(IgdFace.V2));
            ssdp = SsdpResponder.open(
                    faces, new SsdpWriter(ServerToken.TEXT), settings.ssdp(), clock, random, onFailure);
        } catch (IOException e) {
            throw new LanServerException("SSDP cannot be had: " + e.getMessage());
        }
    }

    /** Serves control points from now on, and announces the gateway to them. */
    public synchronized void start() throws LanServerException {
        eventing.start();
        http.start();
        ssdp.start();
        started = true;
    }

    /**
     * Serves the LAN at {@code lans} from now on, and nowhere else; control points are told.
     *
     * @throws LanServerException if one of them cannot be had; everything is as before then
     */
    public synchronized void readdress(Collection<Lan> lans) throws LanServerException {
        var next = new LinkedHashMap<Lan, LanListener>();
        var opened = new ArrayList<LanListener>();
        try {
            for (var lan : lans) {
                if (!next.containsKey(lan)) {
                    var known = known(lan);
                    next.put(lan, known.isPresent() ? known.get() : listen(lan, opened));
                }
            }
            announce(next);
        } catch (LanServerException | RuntimeException e) {
            opened.forEach(LanListener::close);
            throw e;
        }
        next.forEach((lan, listener) -> listener.serve(lan));
        listeners.values().stream()
                .filter(listener -> !next.containsValue(listener))
                .forEach(LanListener::close);
        listeners = next;
    }

    /** {@return who listens there already} The prefix length, or the interface, may have been another one. */
    private Optional<LanListener> known(Lan lan) {
        return listeners.values().stream()
                .filter(listener -> listener.isAt(lan))
                .findFirst();
    }

    private LanListener listen(Lan lan, List<LanListener> opened) throws LanServerException {
        var listener = http.listen(lan, httpPort);
        opened.add(listener);
        if (started) {
            listener.start();
        }
        return listener;
    }

    private void announce(Map<Lan, LanListener> next) throws LanServerException {
        if (next.keySet().equals(listeners.keySet())) {
            return;
        }
        var present = next.entrySet().stream()
                .map(each -> new Presence(each.getKey(), each.getValue().port()))
                .toList();
        try {
            ssdp.present(present, bootIds.getAsInt());
        } catch (BindException e) {
            throw new LanServerException(e.getMessage());
        } catch (IOException e) {
            throw new LanServerException("SSDP cannot be had: " + e.getMessage());
        }
    }

    /** {@return the TCP port that HTTP got at {@code lan}} */
    public synchronized int httpPort(Lan lan) {
        return listeners.get(lan).port();
    }

    /** {@return where the descriptions of all faces are, at each address} */
    public synchronized List<String> descriptions() {
        return listeners.entrySet().stream()
                .map(each -> new Presence(each.getKey(), each.getValue().port()))
                .flatMap(at -> Stream.of(IgdFace.values()).map(face -> at.location(gateway.advertised(face))))
                .toList();
    }

    /** Tells the subscribers what of {@code state} is new; returns at once. Until it is first called nobody can subscribe. */
    public void publish(GatewayState state) {
        gateway.events(state).forEach(eventing::publish);
    }

    /** {@return how often HTTP has turned somebody away since the start, for each reason, zeros included} */
    public Map<RejectReason, Long> rejects() {
        return rejects.all();
    }

    /** Says goodbye to the LANs and closes all ports. */
    @Override
    public synchronized void close() {
        try (eventing;
                http) {
            ssdp.close();
            listeners.values().forEach(LanListener::close);
        }
    }
}
