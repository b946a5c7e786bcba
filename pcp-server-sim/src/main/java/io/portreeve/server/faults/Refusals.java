package io.portreeve.server.faults;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.natpmp.NatPmpMapRequest;
import io.portreeve.pcp.natpmp.NatPmpMapResponse;
import io.portreeve.server.engine.NatPmpAnswers;
import io.portreeve.server.engine.ServerEffect.Answer;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.RefuseNatPmp;
import io.portreeve.server.engine.ServerEffect.ReplyNatPmp;
import io.portreeve.server.engine.ServerEvent.Asks;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerEvent.ReceivedNatPmp;
import io.portreeve.server.engine.ServerEvent.Refused;
import io.portreeve.server.engine.ServerEvent.RefusedNatPmp;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Requests for mappings that are refused whatever they ask.
 *
 * <p>The server's engine is told that they could not be read, and answers: it alone knows the client's epoch, and whether the
 * client may ask at all.
 */
final class Refusals {
    private final Map<Long, UnaryOperator<Answer>> underWay = new HashMap<>();

    boolean isEmpty() {
        return underWay.isEmpty();
    }

    /** {@return what the server's engine is told in the place of {@code request}} */
    Asks refused(Asks request, ResultCode result, Optional<Lifetime> lifetime) {
        return switch (request) {
            case Received(long id, var source, MapRequest _) -> pcp(new Refused(id, source, result), lifetime);
            case Received(long id, var source, PeerRequest _) -> pcp(new Refused(id, source, result), lifetime);
            case ReceivedNatPmp(long id, var source, NatPmpMapRequest wanted) ->
                natPmp(new RefusedNatPmp(id, source, NatPmpAnswers.result(result)), wanted);
            default -> request;
        };
    }

    private Asks pcp(Refused refused, Optional<Lifetime> lifetime) {
        lifetime.ifPresent(it -> underWay.put(refused.requestId(), answer -> lasting(it, answer)));
        return refused;
    }

    private static Answer lasting(Lifetime lifetime, Answer answer) {
        return answer instanceof Refuse refuse
                ? new Refuse(refuse.requestId(), refuse.result(), lifetime, refuse.epoch())
                : answer;
    }

    private Asks natPmp(RefusedNatPmp refused, NatPmpMapRequest wanted) {
        underWay.put(refused.requestId(), answer -> granting(wanted, answer));
        return refused;
    }

    /** Unlike an error to what cannot be read, this one has the fields of an answer. */
    private static Answer granting(NatPmpMapRequest nothing, Answer answer) {
        return answer instanceof RefuseNatPmp refuse
                ? new ReplyNatPmp(
                        refuse.requestId(), NatPmpMapResponse.refused(nothing, refuse.result(), refuse.epoch()))
                : answer;
    }

    /** {@return {@code answer}, or what it becomes if its request was refused} */
    Answer finish(Answer answer) {
        var change = underWay.remove(answer.requestId());
        return change == null ? answer : change.apply(answer);
    }
}
