package io.portreeve.igd.daemon;

import io.portreeve.client.net.NetworkState;
import io.portreeve.igd.gateway.Gateway;
import io.portreeve.igd.http.LanServer;
import io.portreeve.igd.http.LanServerException;
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
    private LanAddresses lan;

    /** @param lan where {@code server} serves */
    NetworkFollower(GatewaySettings settings, Uplink uplink, Gateway gateway, LanServer server, LanAddresses lan) {
        this.settings = settings;
        this.uplink = uplink;
        this.gateway = gateway;
        this.server = server;
        this.lan = lan;
    }

    @Override
    public void accept(NetworkState state) {
        var wan = InterfaceState.of(settings.wanInterface(), state);
        gateway.linkChanged(wan.carries());
        uplink.wanIs(wan.address(uplink.wan()));
        lanIs(LanAddresses.of(InterfaceState.of(settings.lanInterface(), state), lan.ipv4(), settings.lanFamilies()));
    }

    private void lanIs(LanAddresses addresses) {
        if (addresses.equals(lan)) {
            return;
        }
        try {
            server.readdress(addresses.on(settings.lanInterface()));
            addresses.network().ifPresent(it -> gateway.lanChanged(Set.of(it)));
            lan = addresses;
            LOG.info("network interface {}: hosts are served at {}", settings.lanInterface(), addresses.text());
        } catch (LanServerException e) {
            LOG.error(
                    "network interface {}: hosts are not served at its new address: {}; tried again when the network changes",
                    settings.lanInterface(),
                    e.getMessage());
        }
    }
}
