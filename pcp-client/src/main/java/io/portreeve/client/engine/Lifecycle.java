package io.portreeve.client.engine;

import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.engine.MappingState.ErrorWaitResend;
import io.portreeve.client.engine.MappingState.Mapped;
import io.portreeve.client.engine.MappingState.NotSent;
import io.portreeve.client.engine.MappingState.Refreshing;
import io.portreeve.client.engine.MappingState.WaitResponse;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.ResultCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;

/** How one mapping goes from state to state. Source: RFC 6887 sections 8.1.1, 11.2.1, 11.4, 15.1. */
final class Lifecycle {

    /** No error is believed for longer, whatever the server says; none is shorter than the distance of two requests. */
    private static final Duration LONGEST_HOLD = Duration.ofMinutes(30);

    private final BiFunction<Mapping, MonoTime, Effect> sending;
    private final Retransmission timer;
    private final RandomGenerator random;

    /** @param sending what sends the request that a mapping makes next */
    Lifecycle(BiFunction<Mapping, MonoTime, Effect> sending, Retransmission timer, RandomGenerator random) {
        this.sending = sending;
        this.timer = timer;
        this.random = random;
    }

    /** Asks for {@code mapping} now, from the beginning of the retransmission schedule. */
    Step ask(Mapping mapping, MonoTime now) {
        return transmit(mapping, now, timer.first(random), 1);
    }

    private Step transmit(Mapping mapping, MonoTime now, Duration rt, int transmissions) {
        var waiting = new WaitResponse(now, rt, transmissions, held(mapping, now));
        var asked = mapping.with(waiting).asked(now);
        return Step.to(asked, waiting.due(), sending.apply(asked, now));
    }

    /** The mapping's action has come due. */
    Step onDue(Mapping mapping, MonoTime now) {
        if (!mapping.isWanted() && !mapping.mayExist(now)) {
            return Step.forgotten(mapping, new MappingOutcome.Released());
        }
        return switch (mapping.state()) {
            case NotSent() -> ask(mapping, now);
            case WaitResponse waiting -> unanswered(mapping, waiting, now);
            case Mapped(var grant) -> refresh(mapping, grant, 0, now);
            case Refreshing(var grant, int attempt, var lastSent) ->
                grant.isOver(now)
                        ? lost(mapping, askAfter(mapping, lastSent, now))
                        : refresh(mapping, grant, attempt + 1, now);
            case ErrorWaitResend error -> afterError(mapping, error, now);
        };
    }

    private Step unanswered(Mapping mapping, WaitResponse waiting, MonoTime now) {
        boolean ends = waiting.held().filter(grant -> grant.isOver(now)).isPresent();
        var next = now.isBefore(waiting.resendAt())
                ? Step.to(mapping.with(waiting.holdingNothing()), waiting.resendAt())
                : transmit(mapping, now, timer.next(waiting.rt(), random), waiting.transmissions() + 1);
        return ends ? lost(mapping, next) : next;
    }

    private Step refresh(Mapping mapping, Grant grant, int attempt, MonoTime now) {
        if (grant.isOver(now)) {
            return lost(mapping, ask(mapping, now));
        }
        var refreshing = mapping.with(new Refreshing(grant, attempt, now)).asked(now);
        return Step.to(refreshing, renewal(grant, attempt + 1, now), sending.apply(refreshing, now));
    }

    /** The last renewal was the first request for what is lost now, if it is too soon for another. RFC 6887 section 8.1.1. */
    private Step askAfter(Mapping mapping, MonoTime lastSent, MonoTime now) {
        var waiting = new WaitResponse(lastSent, timer.first(random), 1, Optional.empty());
        return now.isBefore(waiting.resendAt())
                ? Step.to(mapping.with(waiting), waiting.resendAt())
                : ask(mapping, now);
    }

    private Step afterError(Mapping mapping, ErrorWaitResend error, MonoTime now) {
        boolean ends = error.held().isPresent() && error.held().get().isOver(now);
        if (now.isBefore(error.retryAt())) {
            var waiting = mapping.with(new ErrorWaitResend(error.result(), Optional.empty(), error.retryAt()));
            return lost(mapping, Step.to(waiting, error.retryAt()));
        }
        return ends ? lost(mapping, ask(mapping, now)) : ask(mapping, now);
    }

    /** Puts off what is due, because the server has said {@code result} of it. What is held ends when it ends. */
    Step postponed(Mapping mapping, int result, MonoTime until, MonoTime now) {
        if (mapping.state() instanceof NotSent) {
            return Step.to(mapping, until);
        }
        var held = held(mapping, now);
        var due = held.map(Grant::expiry).orElse(MonoTime.NEVER).earlier(until);
        var next = Step.to(mapping.with(new ErrorWaitResend(result, held, until)), due);
        return hasEnded(mapping, held) ? lost(mapping, next) : next;
    }

    /** {@return what the server granted, unless it is over, or not wanted any more} */
    private static Optional<Grant> held(Mapping mapping, MonoTime now) {
        return mapping.state().holding().filter(grant -> mapping.isWanted() && !grant.isOver(now));
    }

    private static Step lost(Mapping mapping, Step next) {
        var effects = new ArrayList<>(next.effects());
        effects.add(new Effect.Tell(new MappingEvent.Lost(mapping.key())));
        return new Step(next.mapping(), next.due(), next.outcome(), effects);
    }

    /** {@return when to send renewal {@code attempt}, or when the grant ends if that comes first} */
    MonoTime renewal(Grant grant, int attempt, MonoTime lastSent) {
        return Renewal.age(attempt, grant.lifetime(), grant.at().until(lastSent), random)
                .map(grant.at()::plus)
                .orElse(grant.expiry());
    }

    /** {@return what {@code response}, which is about {@code mapping}, makes of it; empty if it says nothing new} */
    Optional<Step> onResponse(Mapping mapping, Said response, MonoTime now) {
        if (!mapping.isWanted()) {
            return onDeleteResponse(mapping, response, now);
        }
        if (isSaidAgain(mapping, response)) {
            return Optional.empty();
        }
        if (isWithdrawn(mapping, response)) {
            var gone = mapping.with(new NotSent());
            return Optional.of(lost(gone, refused(gone, response.result(), response.lifetime(), now)));
        }
        if (!response.isSuccess()) {
            return Optional.of(refused(mapping, response.result(), response.lifetime(), now));
        }
        if (isNonsense(mapping, response)) {
            return Optional.empty();
        }
        return Optional.of(
                mapping.state() instanceof WaitResponse waiting && isElsewhere(mapping, response)
                        ? movedMeanwhile(mapping, waiting, response, now)
                        : granted(mapping, response, now));
    }

    /**
     * {@return true if the one port that will do, refused where it was suggested, is to be asked for at any address} A server
     * that has another address now may have it there: RFC 6887 section 13.2.
     */
    static boolean mayBeElsewhere(Mapping mapping, Said response) {
        return cannotBeProvided(response)
                && mapping.isExact()
                && !(mapping.state() instanceof NotSent)
                && !mapping.suggested().address().isUnspecified()
                && mapping.suggested().equals(response.assigned());
    }

    private static boolean cannotBeProvided(Said response) {
        return response.result() == ResultCode.CANNOT_PROVIDE_EXTERNAL.value();
    }

    /** Each copy of a request is refused; the first request that comes after the first refusal is not answered by the others. */
    private static boolean isSaidAgain(Mapping mapping, Said response) {
        return cannotBeProvided(response)
                && mapping.isUnavailableAt(response.assigned().address())
                && switch (mapping.state()) {
                    case WaitResponse waiting -> waiting.transmissions() == 1;
                    case ErrorWaitResend _ -> true;
                    case NotSent(), Mapped _, Refreshing _ -> false;
                };
    }

    /**
     * A server that has granted an endpoint, and cannot provide it, has taken it back. RFC 6887 section 14.2. If it has said so
     * before, it was asked for another, and any refusal of that is the end.
     */
    private static boolean isWithdrawn(Mapping mapping, Said response) {
        return !response.isSuccess()
                && mapping.state()
                        .holding()
                        .map(Grant::external)
                        .filter(it -> mapping.isUnavailableAt(it.address())
                                || cannotBeProvided(response) && it.equals(response.assigned()))
                        .isPresent();
    }

    private static boolean isNonsense(Mapping mapping, Said response) {
        return response.assigned().port() == 0 && mapping.key().protocol().hasPorts()
                || response.assigned().address().isUnspecified()
                || response.lifetime().isDelete();
    }

    /** A success with another endpoint than the only one that will do is an older Mapping Update. RFC 6887 section 13.2. */
    private static boolean isElsewhere(Mapping mapping, Said response) {
        return mapping.isExact() && !isThere(mapping.suggested(), response.assigned());
    }

    /** All zeros suggests any address of the family. */
    private static boolean isThere(Endpoint suggested, Endpoint assigned) {
        return suggested.port() == assigned.port()
                && (suggested.address().isUnspecified() || suggested.address().equals(assigned.address()));
    }

    /** What is held has moved; what was asked for is still to be answered. */
    private static Step movedMeanwhile(Mapping mapping, WaitResponse waiting, Said response, MonoTime now) {
        var known =
                mapping.known(now.plus(Duration.ofSeconds(response.lifetime().seconds())));
        var grant = new Grant(response.assigned(), response.lifetime().sane(), now, waiting.lastSent());
        var still = waiting.holding(waiting.held().map(_ -> grant));
        var next = known.with(still);
        var effects = new ArrayList<Effect>(List.of(new Effect.Save(next)));
        waiting.held()
                .filter(before -> !before.external().equals(grant.external()))
                .map(_ -> new Effect.Tell(new MappingEvent.Granted(mapping.key(), grant.external())))
                .ifPresent(effects::add);
        return new Step(Optional.of(next), still.due(), Optional.empty(), effects);
    }

    private Step granted(Mapping mapping, Said response, MonoTime now) {
        var external = response.assigned();
        var grant = new Grant(external, response.lifetime().sane(), now, lastSent(mapping, now));
        var next = mapping.granted(grant, response.lifetime());
        return new Step(
                Optional.of(next),
                renewal(grant, 0, grant.lastSent()),
                Optional.of(new MappingOutcome.Granted(external, response.lifetime(), ports(mapping, response))),
                List.of(new Effect.Save(next)));
    }

    /** No more ports than were asked for are anybody's, whatever the server says. */
    private static int ports(Mapping mapping, Said response) {
        return Math.min(mapping.ports().size(), response.ports());
    }

    private static MonoTime lastSent(Mapping mapping, MonoTime now) {
        return switch (mapping.state()) {
            case WaitResponse waiting -> waiting.lastSent();
            case Refreshing(var _, var _, var lastSent) -> lastSent;
            case Mapped(var grant) -> grant.lastSent();
            case NotSent(), ErrorWaitResend _ -> now;
        };
    }

    /** The server, or its version, says no. */
    Step refused(Mapping mapping, int result, Lifetime errorLifetime, MonoTime now) {
        return mapping.isWanted()
                ? putOff(mapping, result, errorLifetime, now)
                : deleteRefused(mapping, result, errorLifetime, now);
    }

    private static Step putOff(Mapping mapping, int result, Lifetime errorLifetime, MonoTime now) {
        var retryAt = now.plus(hold(errorLifetime));
        var held = held(mapping, now);
        var due = held.map(Grant::expiry).orElse(MonoTime.NEVER).earlier(retryAt);
        var next = Step.to(mapping.with(new ErrorWaitResend(result, held, retryAt)), due)
                .telling(new MappingOutcome.Refused(result, errorLifetime));
        return hasEnded(mapping, held) ? lost(mapping, next) : next;
    }

    /** {@return true if {@code mapping} is wanted and has held more until now than it {@code holds}} */
    private static boolean hasEnded(Mapping mapping, Optional<Grant> holds) {
        return mapping.isWanted() && !holds.equals(mapping.state().holding());
    }

    /** {@return how long an error is believed} */
    static Duration hold(Lifetime errorLifetime) {
        return Duration.ofSeconds(
                Math.clamp(errorLifetime.seconds(), Renewal.MIN_SPACING.toSeconds(), LONGEST_HOLD.toSeconds()));
    }

    private Optional<Step> onDeleteResponse(Mapping mapping, Said response, MonoTime now) {
        if (isOfAnEarlierRequest(response)) {
            return response.isSuccess() ? Optional.of(grantedMeanwhile(mapping, response, now)) : Optional.empty();
        }
        if (response.isSuccess()) {
            return isLateAnswerToCreate(mapping, response)
                    ? Optional.empty()
                    : Optional.of(Step.forgotten(mapping, new MappingOutcome.Released()));
        }
        return Optional.of(deleteRefused(mapping, response.result(), response.lifetime(), now));
    }

    /** What cannot be deleted now is tried again; of what was never granted, nothing is there. */
    private static Step deleteRefused(Mapping mapping, int result, Lifetime errorLifetime, MonoTime now) {
        if (result == ResultCode.NO_RESOURCES.value() || result == ResultCode.NETWORK_FAILURE.value()) {
            return putOff(mapping, result, errorLifetime, now);
        }
        return Step.forgotten(
                mapping,
                mapping.lastExternal().isPresent()
                        ? new MappingOutcome.Refused(result, errorLifetime)
                        : new MappingOutcome.Released());
    }

    /** A deletion suggests no port, and its answer says so again: RFC 6887 section 15.1. */
    private static boolean isOfAnEarlierRequest(Said response) {
        return response.assigned().port() != 0
                && !(response.isSuccess() && response.lifetime().isDelete());
    }

    /** It lives longer than was thought, so it is to be deleted for longer. */
    private static Step grantedMeanwhile(Mapping mapping, Said response, MonoTime now) {
        var gone = mapping.known(now.plus(Duration.ofSeconds(response.lifetime().seconds())));
        var due = switch (mapping.state()) {
            case WaitResponse waiting -> waiting.resendAt();
            case ErrorWaitResend error -> error.retryAt();
            case NotSent(), Mapped _, Refreshing _ -> now;
        };
        return Step.to(gone, due, new Effect.Save(gone));
    }

    /**
     * A delete may be answered with the time the NAT keeps the mapping. Where there are no ports, the create before it may be
     * answered alike, once.
     */
    private static boolean isLateAnswerToCreate(Mapping mapping, Said response) {
        return !mapping.key().protocol().hasPorts()
                && !response.lifetime().isDelete()
                && mapping.state() instanceof WaitResponse waiting
                && waiting.transmissions() == 1;
    }
}
