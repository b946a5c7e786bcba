package io.portreeve.igd.gateway;

import io.portreeve.client.AuditReport;
import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingView;
import io.portreeve.client.PcpClient;
import io.portreeve.client.ServerView;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * In a PCP client's place where nobody is to be asked: the gateway's own WAN address is the external one. Without one nobody can be
 * reached.
 */
public final class NoProvider implements PcpClient {
    private final Optional<PcpAddress> wan;

    public NoProvider(Optional<PcpAddress> wan) {
        this.wan = wan;
    }

    /** Grants what the gateway's own NAT opens, which is the port of the WAN address and no other. */
    @Override
    public CompletableFuture<MappingOutcome> map(MappingRequest request) {
        return CompletableFuture.completedFuture(
                wan.map(address -> outcome(address, request)).orElseGet(MappingOutcome.Unreachable::new));
    }

    private static MappingOutcome outcome(PcpAddress address, MappingRequest request) {
        if (!request.terms().filters().isEmpty()) { // the gateway's own NAT lets in everybody
            return new MappingOutcome.Refused(ResultCode.UNSUPP_OPTION.value(), Lifetime.DELETE);
        }
        int port = request.key().internalPort();
        return !(request.external() instanceof ExternalChoice.Exactly(int asked, var _)) || asked == port
                ? new MappingOutcome.Granted(new Endpoint(address, port), request.lifetime())
                : new MappingOutcome.Refused(ResultCode.CANNOT_PROVIDE_EXTERNAL.value(), Lifetime.DELETE);
    }

    @Override
    public CompletableFuture<MappingOutcome> release(String owner, MappingKey key) {
        return CompletableFuture.completedFuture(new MappingOutcome.Released());
    }

    @Override
    public CompletableFuture<AuditReport> audit() {
        return CompletableFuture.completedFuture(AuditReport.EMPTY);
    }

    @Override
    public CompletableFuture<List<ServerView>> servers() {
        return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public CompletableFuture<List<MappingView>> mappings() {
        return CompletableFuture.completedFuture(List.of());
    }

    /** Nothing changes here by itself. */
    @Override
    public void listen(Consumer<MappingEvent> listener) {}

    @Override
    public void close() {}
}
