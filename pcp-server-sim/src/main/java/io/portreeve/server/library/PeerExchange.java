package io.portreeve.server.library;

import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.PeerResponse;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.library.MappingAnswer.Granted;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A PEER request that is right and authorized. Source: RFC 6887 section 12.3. */
final class PeerExchange {
    private static final Logger LOG = LoggerFactory.getLogger(PeerExchange.class);

    private final CgnType type;
    private final PcpMethods methods;
    private final HeldMappings held;
    private final Grants grants;

    PeerExchange(LibrarySettings settings, PcpMethods methods, HeldMappings held) {
        type = settings.type();
        this.methods = methods;
        this.held = held;
        grants = new Grants(settings);
    }

    Outcome outcome(Asked asked, PeerRequest request) {
        var internal = new Endpoint(request.internalAddress(), request.internalPort());
        var peer = new Endpoint(request.remoteAddress(), request.remotePort());
        var key = new HeldKey(Scope.of(type, asked.source()), request.protocol(), internal, Optional.of(peer));
        var foreign = held.foreign(key, request.nonce(), asked.now());
        if (foreign.isPresent()) {
            return new Outcome.Refused(ReturnCode.ERR_NOTAUTH, foreign.get());
        }
        var wanted = new Endpoint(request.suggestedAddress(), request.suggestedPort());
        var answer =
                methods.addDynamic(asked.context(), request.protocol(), internal, peer, wanted, request.lifetime());
        return switch (answer) {
            case MappingAnswer.Refused(var code, var lifetime) -> new Outcome.Refused(code, lifetime);
            case Granted granted
            when !grants.suits(granted.external(), internal) -> {
                LOG.error("{} has no external {}: the CGN must not assign it", type, granted.external());
                yield Outcome.refused(ReturnCode.ERR_PROCESSING);
            }
            case Granted granted -> {
                var until = HeldMappings.end(granted.lifetime(), asked.now());
                held.put(key, new Held(asked.source(), request.nonce(), List.of(), until));
                yield answered(asked, request, granted);
            }
        };
    }

    private static Outcome answered(Asked asked, PeerRequest request, Granted granted) {
        return new Outcome.Answered(new PeerResponse(
                ResultCode.SUCCESS.value(),
                granted.lifetime(),
                asked.epoch(),
                request.nonce(),
                request.protocol(),
                request.internalPort(),
                granted.external().port(),
                granted.external().address(),
                request.remotePort(),
                request.remoteAddress(),
                Grants.processed(request.options())));
    }
}
