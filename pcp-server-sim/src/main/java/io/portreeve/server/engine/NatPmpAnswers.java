package io.portreeve.server.engine;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.natpmp.NatPmpMapResponse;
import io.portreeve.pcp.natpmp.NatPmpResult;

/** What PCP would answer, in the words of NAT-PMP. Source: RFC 6886 sections 3.3 to 3.5. */
final class NatPmpAnswers {
    private NatPmpAnswers() {}

    static NatPmpMapResponse granted(MapResponse response) {
        boolean isDeleted = response.lifetime().isDelete();
        return new NatPmpMapResponse(
                response.protocol(),
                NatPmpResult.SUCCESS,
                response.epoch(),
                response.internalPort(),
                isDeleted ? 0 : response.assignedPort(),
                response.lifetime());
    }

    static NatPmpMapResponse refused(MapRequest map, ResultCode result, EpochTime epoch) {
        return new NatPmpMapResponse(map.protocol(), result(result), epoch, map.internalPort(), 0, Lifetime.DELETE);
    }

    static NatPmpResult result(ResultCode result) {
        return switch (result) {
            case NOT_AUTHORIZED -> NatPmpResult.NOT_AUTHORIZED;
            case NETWORK_FAILURE -> NatPmpResult.NETWORK_FAILURE;
            default -> NatPmpResult.OUT_OF_RESOURCES;
        };
    }
}
