package io.portreeve.client.engine;

import io.portreeve.pcp.MonoTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Whether a server answers what it is asked about mappings. It is silent when a request, and what followed it over the time of two
 * retransmissions, has no answer: one that is lost is no silence, nor are many that are lost in one moment.
 */
final class Silence {

    /** A third transmission leaves no sooner, whatever the jitter: 2.7 s and 4.86 s after the two before. RFC 6887 section 8.1.1. */
    private static final Duration TWO_RETRANSMISSIONS = Duration.ofMillis(7500);

    /** What came later would be taken for lost by the first retransmission, too. */
    private static final Duration LONGEST_ANSWER = Retransmission.RFC_6887.irt();

    private Optional<MonoTime> lastAnswer = Optional.empty();

    /** When the first request left that nothing has answered. */
    private MonoTime unanswered = MonoTime.NEVER;

    private MonoTime begin = MonoTime.NEVER;
    private boolean isTold;

    /** A request about a mapping leaves. */
    void asked(MonoTime now) {
        unanswered = unanswered.earlier(now);
        if (!now.isBefore(unanswered.plus(TWO_RETRANSMISSIONS))) {
            begin = begin.earlier(now.plus(LONGEST_ANSWER));
        }
    }

    void answered(MonoTime now) {
        lastAnswer = Optional.of(now);
        end();
    }

    /** Nothing that it was asked needs an answer any more. */
    void forget() {
        end();
        isTold = false;
    }

    private void end() {
        unanswered = MonoTime.NEVER;
        begin = MonoTime.NEVER;
    }

    MonoTime nextDue() {
        return isTold ? MonoTime.NEVER : begin;
    }

    boolean isThere(MonoTime now) {
        return !now.isBefore(begin);
    }

    /** {@return how long it has lasted, since the first request without an answer; empty if the server is not silent} */
    Optional<Duration> length(MonoTime now) {
        return isThere(now) ? Optional.of(unanswered.until(now)) : Optional.empty();
    }

    /** {@return how long ago the server last answered; empty if it never has} */
    Optional<Duration> sinceAnswer(MonoTime now) {
        return lastAnswer.map(at -> at.until(now));
    }

    /** {@return what is to be told of {@code server} and has not been told} */
    List<Effect> news(String server, MonoTime now) {
        if (isThere(now) == isTold) {
            return List.of();
        }
        isTold = !isTold;
        return List.of(isTold ? new Effect.FellSilent(server, unanswered.until(now)) : new Effect.AnswersAgain(server));
    }
}
