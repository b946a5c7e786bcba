package io.portreeve.client.threads;

import io.portreeve.client.ServerAddress;
import io.portreeve.client.engine.ClientEvent;
import io.portreeve.pcp.wire.DecodedNatPmpResponse;
import io.portreeve.pcp.wire.DecodedResponse;
import io.portreeve.pcp.wire.NatPmpDecoder;
import io.portreeve.pcp.wire.PcpDecoder;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the datagrams of a server are to the engine, in whatever version it speaks. */
final class Datagrams {
    private static final Logger LOG = LoggerFactory.getLogger(Datagrams.class);

    private Datagrams() {}

    /** A version error answers PCP, whoever says it: it is looked for before NAT-PMP is. */
    static Optional<ClientEvent> event(ByteBuffer datagram, ServerAddress server) {
        return switch (PcpDecoder.decodeResponse(datagram)) {
            case DecodedResponse.Ok(var response) -> Optional.of(new ClientEvent.Received(server, response));
            case DecodedResponse.OtherVersion(int version, var lifetime) ->
                Optional.of(new ClientEvent.OtherVersion(server, version, lifetime));
            case DecodedResponse.Drop(var reason) -> natPmp(datagram, server, reason);
        };
    }

    private static Optional<ClientEvent> natPmp(
            ByteBuffer datagram, ServerAddress server, DecodedResponse.Reason noPcp) {
        return switch (NatPmpDecoder.decodeResponse(datagram)) {
            case DecodedNatPmpResponse.Ok(var response) ->
                Optional.of(new ClientEvent.NatPmpReceived(server, response));
            case DecodedNatPmpResponse.Failed(var mapped, int result) ->
                Optional.of(new ClientEvent.NatPmpFailed(server, mapped, result));
            case DecodedNatPmpResponse.Drop(var noNatPmp) -> {
                LOG.debug("dropped what {} sent: as PCP {}, as NAT-PMP {}", server, noPcp, noNatPmp);
                yield Optional.empty();
            }
        };
    }
}
