package io.portreeve.server.library;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.Endpoint;
import java.util.Optional;

/** What became of mappings without their clients' asking. Source: RFC 6887 section 14.2. */
final class MappingUpdates {

    /** A mapping as it is now. */
    record Now(Endpoint external, Lifetime lifetime, EpochTime epoch, MonoTime time) {

        private Held renewed(Held before) {
            return before.until(HeldMappings.end(lifetime, time));
        }
    }

    private final CgnType type;
    private final HeldMappings held;

    MappingUpdates(CgnType type, HeldMappings held) {
        this.type = type;
        this.held = held;
    }

    /** {@return what to tell {@code client}; empty if it has no such mapping} */
    Optional<MapResponse> update(PcpAddress client, IpProtocol protocol, Endpoint internal, Now now) {
        var key = new HeldKey(Scope.of(type, client), protocol, internal);
        var its = held.find(key, now.time()).filter(found -> found.client().equals(client));
        its.ifPresent(found -> held.put(key, now.renewed(found)));
        return its.map(found -> new MapResponse(
                ResultCode.SUCCESS.value(),
                now.lifetime(),
                now.epoch(),
                found.nonce(),
                protocol,
                internal.port(),
                now.external().port(),
                now.external().address(),
                Grants.lasting(client, internal.address(), found.filters())));
    }

    /** {@return what the context's client heard or asked before, as it is now; empty if the mapping is another's by now} */
    Optional<MapResponse> recycle(PcpContext context, Now now) {
        return Recycling.of(context)
                .filter(before -> isStillOf(context.client().address(), before, now))
                .map(before -> new MapResponse(
                        ResultCode.SUCCESS.value(),
                        now.lifetime(),
                        now.epoch(),
                        before.nonce(),
                        before.protocol(),
                        before.internalPort(),
                        now.external().port(),
                        now.external().address(),
                        before.options()));
    }

    /** The CGN may remember more than the library, which has lost all in a restart. */
    private boolean isStillOf(PcpAddress client, Recycling before, Now now) {
        var key = new HeldKey(Scope.of(type, client), before.protocol(), before.internal(client));
        var its = held.find(key, now.time());
        if (its.isEmpty()) {
            return true;
        }
        boolean isSame = its.get().nonce().equals(before.nonce());
        if (isSame) {
            held.put(key, now.renewed(its.get()));
        }
        return isSame;
    }
}
