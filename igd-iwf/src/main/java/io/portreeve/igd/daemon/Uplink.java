package io.portreeve.igd.daemon;

import io.portreeve.client.PcpClientException;
import io.portreeve.igd.gateway.Gateway;
import io.portreeve.igd.gateway.SwitchingClient;
import io.portreeve.igd.nat.LocalNat;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway towards its provider: the NAT leads from the WAN address there is, and who is asked for ports depends on it. One thread
 * at a time.
 */
final class Uplink {
    private static final Logger LOG = LoggerFactory.getLogger(Uplink.class);

    private final GatewaySettings settings;
    private final ProviderClients clients;
    private final LocalNat nat;
    private final SwitchingClient client;
    private final Gateway gateway;

    /** Any thread may read these. */
    private volatile Upstream upstream;

    private volatile Optional<PcpAddress> wan;

    /** @param upstream what {@code nat}, {@code client} and {@code gateway} have begun with */
    Uplink(
            GatewaySettings settings,
            ProviderClients clients,
            LocalNat nat,
            SwitchingClient client,
            Gateway gateway,
            Upstream upstream) {
        this.settings = settings;
        this.clients = clients;
        this.nat = nat;
        this.client = client;
        this.gateway = gateway;
        this.upstream = upstream;
        wan = upstream.wan();
    }

    /** {@return who opens ports now} */
    Upstream upstream() {
        return upstream;
    }

    Optional<PcpAddress> wan() {
        return wan;
    }

    /**
     * The WAN interface has {@code address} now. While it has none, all stays as it was, so that a link that comes back with the same
     * address finds its connections.
     */
    void wanIs(Optional<PcpAddress> address) {
        if (address.equals(wan)) {
            return;
        }
        wan = address;
        if (address.isPresent()) {
            nat.wanIs(address.get()).join();
            ask(address.get());
        } else {
            client.hold();
            LOG.warn("network interface {} has no IPv4 address any more", settings.wanInterface());
        }
        gateway.wanChanged(address);
    }

    private void ask(PcpAddress address) {
        try {
            var next = Upstream.of(settings, Optional.of(address));
            LOG.info("{}", next.explained());
            if (next.asksTheSame(upstream)) {
                client.resume();
            } else {
                client.switchTo(clients.open(next), kept -> gateway.providerChanged(kept, next.portsInUse()));
            }
            upstream = next;
        } catch (StartException e) {
            LOG.error("{}", e.getMessage());
            client.resume();
        } catch (PcpClientException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
