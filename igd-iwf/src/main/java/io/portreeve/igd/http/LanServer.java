package io.portreeve.igd.http;

import io.portreeve.igd.gena.Eventing;
import io.portreeve.igd.iwf.GatewayState;
import io.portreeve.igd.iwf.IgdCalls;
import io.portreeve.igd.ssdp.SsdpResponder;
import io.portreeve.igd.ssdp.SsdpWriter;
import io.portreeve.igd.upnp.InternetGateway;
import io.portreeve.igd.upnp.WanLink;
import io.portreeve.runtime.MonoClock;
import java.io.IOException;
import java.net.BindException;
import java.net.NetworkInterface;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** The LAN side of the gateway: control points find it, read about it, call it, and are told what changes. */
public final class LanServer implements AutoCloseable {
    private final InternetGateway gateway;
    private final Eventing eventing;
    private final LanHttp http;
    private final SsdpResponder ssdp;

    /**
     * Takes all ports, so that nothing else has to be undone if one cannot be had.
     *
     * @param calls does what control points ask
     * @throws LanServerException if the interface, the address or a port cannot be had
     */
    public static LanServer open(
            LanSettings settings, IgdCalls calls, WanLink wan, MonoClock clock, RandomGenerator random)
            throws LanServerException {
        var link = networkInterface(settings.interfaceName());
        var gateway = new InternetGateway(
                "/" + settings.pathToken() + "/igd1", settings.deviceUuid(), settings.friendlyName(), calls, wan);
        var eventing = new Eventing(clock, random);
        var http = LanHttp.open(settings.lan(), settings.httpPort(), gateway, eventing);
        try {
            var ssdp = ssdp(settings, link, gateway, http, clock, random);
            return new LanServer(gateway, eventing, http, ssdp);
        } catch (LanServerException | RuntimeException e) {
            http.close();
            throw e;
        }
    }

    private LanServer(InternetGateway gateway, Eventing eventing, LanHttp http, SsdpResponder ssdp) {
        this.gateway = gateway;
        this.eventing = eventing;
        this.http = http;
        this.ssdp = ssdp;
    }

    /** Serves control points from now on, and announces the gateway to them. */
    public void start() throws LanServerException {
        eventing.start();
        http.start();
        ssdp.start();
    }

    private static NetworkInterface networkInterface(String name) throws LanServerException {
        try {
            var link = NetworkInterface.getByName(name);
            if (link != null) {
                return link;
            }
        } catch (IOException e) {
            throw new LanServerException("network interface " + name + " cannot be used: " + e.getMessage());
        }
        throw new LanServerException("there is no network interface " + name + "; 'ip link' shows those there are");
    }

    private static SsdpResponder ssdp(
            LanSettings settings,
            NetworkInterface link,
            InternetGateway gateway,
            LanHttp http,
            MonoClock clock,
            RandomGenerator random)
            throws LanServerException {
        var writer =
                new SsdpWriter(http.url(gateway.descriptionPath()), ServerToken.TEXT, bootId(), gateway.configId());
        try {
            return SsdpResponder.open(link, settings.lan(), gateway.advertised(), writer, clock, random);
        } catch (BindException e) {
            throw new LanServerException("UDP " + settings.lan().address()
                    + ":1900 is taken by another program; stop the other UPnP gateway on this machine");
        } catch (IOException e) {
            throw new LanServerException("SSDP cannot be had on " + settings.interfaceName() + ": " + e.getMessage());
        }
    }

    /** BOOTID.UPNP.ORG has to grow from start to start, which the date does. */
    private static int bootId() {
        return (int) InstantSource.system().instant().getEpochSecond() & Integer.MAX_VALUE;
    }

    /** Tells the subscribers what of {@code state} is new; returns at once. Until it is first called nobody can subscribe. */
    public void publish(GatewayState state) {
        gateway.events(state).forEach(eventing::publish);
    }

    /** {@return the TCP port that HTTP got} */
    public int httpPort() {
        return http.port();
    }

    /** Says goodbye to the LAN and closes all ports. */
    @Override
    public void close() {
        try (eventing;
                http) {
            ssdp.close();
        }
    }
}
