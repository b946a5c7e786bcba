package io.portreeve.client.engine;

import io.portreeve.pcp.MonoTime;
import java.time.Duration;
import java.util.Optional;

/** Where a mapping is in its life; each state carries what its next action needs, and nothing else. */
public sealed interface MappingState {

    /** To be asked for; the action says when. */
    record NotSent() implements MappingState {}

    /** Asked for; the action is the next transmission, or the end of what is still held. */
    record WaitResponse(MonoTime lastSent, Duration rt, int transmissions, Optional<Grant> held)
            implements MappingState {
        MonoTime resendAt() {
            return lastSent.plus(rt);
        }

        /** {@return the same, to be sent again at {@code at}, and then as if it had been sent for the first time before that} */
        WaitResponse resentAt(MonoTime at) {
            var first = Retransmission.RFC_6887.irt();
            return new WaitResponse(at.plus(first.negated()), first, transmissions, held);
        }

        /** {@return when it may be sent again at the earliest} */
        MonoTime earliest() {
            return lastSent.plus(Retransmission.RFC_6887.irt());
        }

        /** {@return when it is to be sent again, or what is held ends} */
        MonoTime due() {
            return held.map(Grant::expiry).orElse(MonoTime.NEVER).earlier(resendAt());
        }

        WaitResponse holding(Optional<Grant> grant) {
            return new WaitResponse(lastSent, rt, transmissions, grant);
        }

        WaitResponse holdingNothing() {
            return holding(Optional.empty());
        }
    }

    /** Granted; the action is the first renewal. */
    record Mapped(Grant grant) implements MappingState {}

    /** Granted and asked for again; the action is the next renewal, or the end. */
    record Refreshing(Grant grant, int attempt, MonoTime lastSent) implements MappingState {}

    /** Refused; the action is the end of what is still held, or asking again. A refused renewal ends no mapping. */
    record ErrorWaitResend(int result, Optional<Grant> held, MonoTime retryAt) implements MappingState {}

    /** {@return what the server has granted and not yet ended} */
    default Optional<Grant> holding() {
        return switch (this) {
            case NotSent() -> Optional.empty();
            case WaitResponse(var _, var _, var _, var held) -> held;
            case Mapped(var grant) -> Optional.of(grant);
            case Refreshing(var grant, var _, var _) -> Optional.of(grant);
            case ErrorWaitResend(var _, var held, var _) -> held;
        };
    }

    /** {@return the name in the words of listings} */
    default String label() {
        return switch (this) {
            case NotSent() -> "NOT_SENT";
            case WaitResponse _ -> "WAIT_RESP";
            case Mapped _ -> "MAPPED";
            case Refreshing _ -> "REFRESHING";
            case ErrorWaitResend _ -> "ERROR_WAIT_RESEND";
        };
    }
}
