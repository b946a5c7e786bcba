package io.portreeve.server.engine;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.natpmp.NatPmpMapResponse;
import io.portreeve.pcp.natpmp.NatPmpResult;

/** What PCP would answer, in the words of NAT-PMP. Source: RFC 6886 sections 3.3 to 3.5. */
public final class NatPmpAnswers {
    private NatPmpAnswers() {}

    /**
     * A mapping that NAT-PMP may not change can last longer: the client is told no more than it asked for. And it can be a set
     * of ports: of those NAT-PMP knows one.
     */
    static NatPmpMapResponse granted(MapRequest map, MapResponse response) {
        boolean isDeleted = map.lifetime().isDelete();
        long seconds = Math.min(map.lifetime().seconds(), response.lifetime().seconds());
        int further = map.internalPort() - response.internalPort();
        return new NatPmpMapResponse(
                response.protocol(),
                NatPmpResult.SUCCESS,
                response.epoch(),
                map.internalPort(),
                isDeleted ? 0 : response.assignedPort() + further,
                new Lifetime(seconds));
    }

    static NatPmpMapResponse refused(MapRequest map, ResultCode result, EpochTime epoch) {
        return new NatPmpMapResponse(map.protocol(), result(result), epoch, map.internalPort(), 0, Lifetime.DELETE);
    }

    /** {@return what comes nearest to a PCP error} */
    public static NatPmpResult result(ResultCode result) {
        return switch (result) {
            case NOT_AUTHORIZED -> NatPmpResult.NOT_AUTHORIZED;
            case NETWORK_FAILURE -> NatPmpResult.NETWORK_FAILURE;
            default -> NatPmpResult.OUT_OF_RESOURCES;
        };
    }
}
