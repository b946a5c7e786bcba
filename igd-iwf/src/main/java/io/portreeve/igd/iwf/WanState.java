package io.portreeve.igd.iwf;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;

/** The WAN connection as control points see it; a PCP server that is out of reach is no loss of the connection. */
final class WanState {
    private static final long MAX_UI4 = 0xFFFF_FFFFL;

    private final PortMappingTable table;
    private final Outbox out;
    private Optional<PcpAddress> external = Optional.empty();
    private Optional<MonoTime> wanSince = Optional.empty();
    private long updateId;
    private Optional<GatewayState> published = Optional.empty();

    WanState(PortMappingTable table, Outbox out) {
        this.table = table;
        this.out = out;
    }

    boolean isConnected() {
        return wanSince.isPresent();
    }

    Optional<PcpAddress> external() {
        return external;
    }

    void externalIs(Optional<PcpAddress> address) {
        if (!external.equals(address)) {
            external = address;
            out.add(new IwfEffect.Announce(address));
        }
    }

    void wanIs(Optional<PcpAddress> address, MonoTime now) {
        wanSince = address.map(_ -> wanSince.orElse(now));
    }

    IgdReply status(MonoTime now) {
        long uptime = wanSince.map(since -> since.until(now).toSeconds()).orElse(0L);
        return new IgdReply.Status(isConnected(), uptime);
    }

    /** Tells what is new, once for all that one event has changed. */
    void publish() {
        if (table.takeChanged()) {
            updateId = updateId + 1 & MAX_UI4;
        }
        var state = new GatewayState(isConnected(), external, table.size(), updateId);
        if (!published.equals(Optional.of(state))) {
            published = Optional.of(state);
            out.add(new IwfEffect.Publish(state));
        }
    }
}
