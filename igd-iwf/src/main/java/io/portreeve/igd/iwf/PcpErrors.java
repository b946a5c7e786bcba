package io.portreeve.igd.iwf;

import io.portreeve.client.MappingOutcome;
import io.portreeve.pcp.ResultCode;

/** PCP's errors in UPnP's words. Source: RFC 6970 section 4.3. */
final class PcpErrors {
    private PcpErrors() {}

    /** {@return what a control point is told when a mapping was refused} */
    static IgdError onAdd(MappingOutcome.Refused refused, PortChoice choice, IgdFace face) {
        var error = ResultCode.of(refused.result())
                .map(result -> onAdd(result, face))
                .orElse(IgdError.ACTION_FAILED); // a code of the future: RFC 6970 cannot know it
        return error == IgdError.CONFLICT ? conflict(choice, face) : error;
    }

    /** {@return what a control point is told of a port that somebody else has} Who takes any port is in conflict with nobody. */
    static IgdError conflict(PortChoice choice, IgdFace face) {
        return switch (choice) {
            case EXACTLY -> IgdError.CONFLICT;
            case ANY -> noPortLeft(face);
        };
    }

    /** {@return what a control point is told when this gateway has no port left} */
    static IgdError noPortLeft(IgdFace face) {
        return face == IgdFace.V1 ? IgdError.ACTION_FAILED : IgdError.NO_PORT_MAPS_AVAILABLE;
    }

    private static IgdError onAdd(ResultCode result, IgdFace face) {
        return switch (result) {
            case SUCCESS -> throw new AssertionError("a refusal is no success");
            case NOT_AUTHORIZED -> Denial.forbidden(face);
            case NO_RESOURCES, USER_EX_QUOTA -> noPortLeft(face);
            case CANNOT_PROVIDE_EXTERNAL -> IgdError.CONFLICT;
            default -> IgdError.ACTION_FAILED;
        };
    }

    /** {@return what a control point is told when DeletePortMapping was refused} 718 is no answer to a delete. */
    static IgdError onDelete(MappingOutcome.Refused refused, IgdFace face) {
        boolean foreign = refused.result() == ResultCode.NOT_AUTHORIZED.value();
        return foreign && face == IgdFace.V2 ? IgdError.NOT_AUTHORIZED : IgdError.ACTION_FAILED;
    }

    /** {@return what to say to the person who runs the gateway} */
    static String explained(MappingOutcome.Refused refused) {
        return "the provider " + refused
                + switch (ResultCode.of(refused.result()).orElse(ResultCode.SUCCESS)) {
                    case UNSUPP_OPTION ->
                        "; its PCP server must allow this gateway PREFER_FAILURE, and THIRD_PARTY with nat = none";
                    case ADDRESS_MISMATCH -> "; there is a NAT between this gateway and the PCP server";
                    case NOT_AUTHORIZED ->
                        "; it does not allow it, or holds the port for an earlier gateway that lost its state";
                    default -> "";
                };
    }
}
