package io.portreeve.server.library;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpResponse;
import io.portreeve.pcp.ResultCode;

/** What a request comes to. */
sealed interface Outcome {

    record Answered(PcpResponse response) implements Outcome {}

    record Refused(ReturnCode code, Lifetime lifetime) implements Outcome {}

    static Refused refused(ReturnCode code) {
        return new Refused(code, code.result().recommendedLifetime());
    }

    static Refused refused(ResultCode result) {
        return refused(ReturnCode.of(result));
    }
}
