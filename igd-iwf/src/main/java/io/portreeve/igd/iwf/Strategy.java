package io.portreeve.igd.iwf;

import io.portreeve.client.MappingOutcome.Refused;
import io.portreeve.igd.iwf.Pending.Change;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.ResultCode;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** What is tried next to get an entry the port it wants, and what is not tried again. Source: RFC 6970 section 5.6.2. */
final class Strategy {
    /** RFC 6970 section 5.6: an error that lasts no longer may be gone when the control point still waits. */
    static final Duration RETRY = Duration.ofSeconds(30);

    private final Supplier<IwfPolicy> policy;
    private final PcpRequests requests;
    private final Candidates candidates;
    private final KnownRefusals refusals = new KnownRefusals();

    Strategy(Supplier<IwfPolicy> policy, PcpRequests requests, Candidates candidates) {
        this.policy = policy;
        this.requests = requests;
        this.candidates = candidates;
    }

    /** {@return how the caller of {@code wanted} can be answered without asking the provider, if that can be} */
    Optional<Denial> forestalls(PortMapping wanted, IgdFace face, MonoTime now) {
        if (wanted.choice() == PortChoice.EXACTLY) {
            var candidate = candidates.of(wanted).filter(it -> !it.serves(wanted));
            if (candidate.isPresent()) {
                return Optional.of(new Denial(
                        IgdError.CONFLICT,
                        "the provider has given it port " + candidate.get().port() + " instead"));
            }
        }
        return refusals.of(wanted, now)
                .map(no -> new Denial(
                        PcpErrors.onAdd(no, wanted.choice(), face), "not long ago, " + PcpErrors.explained(no)));
    }

    /** {@return how an entry is made that there is not yet} */
    Change.Add first(PortMapping wanted, MonoTime now) {
        boolean any = wanted.choice() == PortChoice.EXACTLY && candidates.isRefused(wanted);
        var approach = any ? Approach.ANY_PORT : requests.approach(wanted, now);
        return new Change.Add(
                wanted, Optional.empty(), approach, policy.get().asking().retries());
    }

    Change.Add renewal(PortMapping wanted, PortMapping before) {
        return new Change.Add(
                wanted,
                Optional.of(before),
                Approach.FOR_GOOD,
                policy.get().asking().retries());
    }

    /** {@return what is asked at once after {@code add} was refused so, if anything is} */
    Optional<Change.Add> instead(Change.Add add, Refused refused) {
        boolean wasExact = add.approach() == Approach.FOR_GOOD && add.mapping().choice() == PortChoice.EXACTLY;
        return wasExact && requests.mayFallBack(refused) ? Optional.of(add.by(Approach.SUGGESTING)) : Optional.empty();
    }

    /** {@return when what {@code add} wants is asked for again, if it is before the control point must have its answer} */
    Optional<MonoTime> retry(Pending change, Change.Add add, Refused refused, MonoTime now) {
        boolean isShort = refused.errorLifetime().seconds() <= RETRY.toSeconds();
        return Optional.of(now.plus(RETRY))
                .filter(at -> isShort
                        && add.retries() > 0
                        && change.caller()
                                .filter(it -> at.isBefore(it.replyBy()))
                                .isPresent());
    }

    /** The provider does not give what {@code add} wants, however it is asked. */
    void refused(Change.Add add, Refused refused, MonoTime now) {
        boolean isNextAny = policy.get().asking().strategy() == AddStrategy.DRAFT_ALT3
                && refused.result() == ResultCode.CANNOT_PROVIDE_EXTERNAL.value();
        if (isNextAny && add.mapping().choice() == PortChoice.EXACTLY) {
            candidates.refuse(add.mapping(), now);
        } else {
            refusals.remember(add.mapping(), refused, now);
        }
    }

    /** The subscriber has one mapping less, so there may be place for another. */
    void freed() {
        refusals.forget();
    }
}
