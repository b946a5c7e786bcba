package io.portreeve.igd.http;

import io.portreeve.igd.gena.Subscriptions;
import io.portreeve.igd.iwf.IgdCalls;
import io.portreeve.igd.ssdp.Lan;
import io.portreeve.igd.ssdp.LanPrefix;
import io.portreeve.igd.upnp.InternetGateway;
import io.portreeve.igd.upnp.LinuxWanLink;
import io.portreeve.pcp.PcpAddress;
import java.util.UUID;

/** A real Jetty at 127.0.0.1. */
final class LoopbackHttp implements AutoCloseable {
    static final String BASE = "/0123456789abcdef";

    final RejectCounters rejects = new RejectCounters();
    final InternetGateway gateway;
    final int port;
    private final LanHttp http;

    /** @param prefixLength of the LAN, whose hosts may connect */
    LoopbackHttp(IgdCalls calls, Subscriptions subscriptions, LanHttp.Patience patience, int prefixLength)
            throws LanServerException {
        gateway = new InternetGateway(BASE, UUID.randomUUID(), "Test", calls, new LinuxWanLink("lo"));
        http = new LanHttp(gateway, subscriptions, rejects, patience);
        var listener = http.listen(new Lan("lo", new LanPrefix(PcpAddress.parse("127.0.0.1"), prefixLength)), 0);
        http.start();
        port = listener.port();
    }

    @Override
    public void close() {
        http.close();
    }
}
