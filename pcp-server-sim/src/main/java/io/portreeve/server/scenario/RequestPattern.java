package io.portreeve.server.scenario;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which requests are meant.
 *
 * @param protocol empty for any, as are {@code internalPort} and {@code client}
 * @param isDelete whether it ends what it names, which others do not
 */
record RequestPattern(
        SeenRequest.Kind kind,
        Optional<IpProtocol> protocol,
        OptionalInt internalPort,
        Optional<PcpAddress> client,
        boolean isDelete) {

    boolean matches(SeenRequest request) {
        return request.kind() == kind
                && request.isDelete() == isDelete
                && protocol.map(request.protocol()::equals).orElse(true)
                && (internalPort.isEmpty() || internalPort.getAsInt() == request.internalPort())
                && client.map(request.client()::equals).orElse(true);
    }
}
