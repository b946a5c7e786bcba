package io.portreeve.igd.daemon;

import io.portreeve.client.net.NetworkState;
import io.portreeve.igd.gateway.Gateway;
import io.portreeve.igd.http.LanServer;
import io.portreeve.igd.http.LanServerException;
import io.portreeve.igd.iwf.LanNetwork;
import io.portreeve.igd.ssdp.Lan;
import io.portreeve.igd.ssdp.LanPrefix;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the parts of the gateway what becomes of its two interfaces. One thread at a time. */
final class NetworkFollower implements Consumer<NetworkState> {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkFollower.class);

    private final GatewaySettings settings;
    private final Uplink uplink;
    private final Gateway gateway;
    private final LanServer server;
    private Optional<LanPrefix> lan;

    /** @param lan where {@code server} serves */
    NetworkFollower(GatewaySettings settings, Uplink uplink, Gateway gateway, LanServer server, LanPrefix lan) {
        this.settings = settings;
        this.uplink = uplink;
        this.gateway = gateway;
        this.server = server;
        this.lan = Optional.of(lan);
    }

    @Override
    public void accept(NetworkState state) {
        var wan = InterfaceState.of(settings.wanInterface(), state);
        gateway.linkChanged(wan.carries());
        uplink.wanIs(wan.address(uplink.wan()));
        lanIs(InterfaceState.of(settings.lanInterface(), state).prefix(lan));
    }

    private void lanIs(Optional<LanPrefix> prefix) {
        if (prefix.equals(lan)) {
            return;
        }
        try {
            server.readdress(prefix.map(it -> new Lan(settings.lanInterface(), it)).stream()
                    .toList());
            prefix.ifPresent(it -> gateway.lanChanged(Set.of(new LanNetwork(it.address(), it.prefixLength()))));
            lan = prefix;
            LOG.info(
                    "network interface {}: hosts are served at {}",
                    settings.lanInterface(),
                    prefix.map(it -> it.address() + "/" + it.prefixLength()).orElse("no address any more"));
        } catch (LanServerException e) {
            LOG.error(
                    "network interface {}: hosts are not served at its new address: {}; tried again when the network changes",
                    settings.lanInterface(),
                    e.getMessage());
        }
    }
}
