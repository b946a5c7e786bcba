package io.portreeve.igd.daemon;

import io.portreeve.client.ClientSettings;
import io.portreeve.client.PcpClient;
import io.portreeve.client.PcpClientException;
import io.portreeve.client.PcpServer;
import io.portreeve.client.ServerAddress;
import io.portreeve.client.threads.RunningClient;
import io.portreeve.igd.gateway.NoProvider;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.MonoClock;
import java.util.List;
import java.util.function.Consumer;

/**
 * The clients that ask whoever opens ports.
 *
 * @param onFailure called once if a thread of one of them fails
 */
record ProviderClients(GatewaySettings settings, MonoClock clock, Consumer<Throwable> onFailure) {

    /** {@return a client of {@code upstream}} @throws PcpClientException if there is no way there, or its store cannot be used */
    PcpClient first(Upstream upstream) throws PcpClientException {
        return upstream.server().isPresent()
                ? RunningClient.open(settings(upstream.server().get()), clock, onFailure)
                : new NoProvider(upstream.wan());
    }

    /** {@return one whose server there may be no way to yet: an address comes before its routes} */
    PcpClient open(Upstream upstream) throws PcpClientException {
        return upstream.server().isPresent()
                ? RunningClient.openAhead(settings(upstream.server().get()), clock, onFailure)
                : new NoProvider(upstream.wan());
    }

    ClientSettings settings(PcpAddress server) {
        return new ClientSettings(
                List.of(PcpServer.at(ServerAddress.at(server, settings.pcpPort()))),
                List.of(),
                settings.stateDir().resolve("pcp-mappings.db"),
                settings.serviceWait(),
                settings.claims());
    }
}
