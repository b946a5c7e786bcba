package io.portreeve.client.engine;

import io.portreeve.client.MappingOutcome;
import io.portreeve.client.engine.MappingState.Mapped;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.ResultCode;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** How one server is asked for mappings: from where, for how long, and not at all for what it has refused. */
final class Asking {
    private final ServerAddresses addresses;
    private final ServerLimits limits;
    private final Silence silence;
    private final ClientPolicy policy;
    private final Lifecycle lifecycle;

    Asking(
            ServerAddresses addresses,
            ServerLimits limits,
            Silence silence,
            ClientPolicy policy,
            RandomGenerator random) {
        this.addresses = addresses;
        this.limits = limits;
        this.silence = silence;
        this.policy = policy;
        lifecycle = new Lifecycle(this::sending, Retransmission.RFC_6887, random);
    }

    private Effect sending(Mapping wanted, MonoTime now) {
        var server = addresses.current();
        var request = request(wanted, now);
        request.ifPresent(_ -> silence.asked(now));
        return request.<Effect>map(it -> new Effect.Send(server, it)).orElseGet(() -> new Effect.Connect(server));
    }

    /** {@return what asks for {@code mapping}; empty if there is no way to the server} */
    Optional<PcpRequest> request(Mapping mapping, MonoTime now) {
        return addresses.source().map(source -> asAskedFor(mapping, now).request(source, now));
    }

    private Mapping asAskedFor(Mapping wanted, MonoTime now) {
        return now.isBefore(policy.settled()) ? wanted.atMost(ClientPolicy.BRIEF) : wanted;
    }

    /** The last request may have been granted, and its answer lost: then what is held is no longer than that asked for. */
    Mapping asIsCertain(Mapping mapping) {
        return mapping.state() instanceof Mapped(var grant)
                        && asAskedFor(mapping, grant.at()).wanted() instanceof Wanted.Kept kept
                ? mapping.with(new Mapped(grant.atMost(kept.left(grant.at()))))
                : mapping;
    }

    /** {@return when {@code mapping} is of no use any more, though its server is not there} */
    static MonoTime idleUntil(Mapping mapping) {
        return mapping.isWanted() ? MonoTime.NEVER : mapping.knownUntil();
    }

    /** Asks for {@code mapping} now. */
    Step ask(Mapping mapping, MonoTime now) {
        if (addresses.isNone()) {
            return Step.to(mapping, idleUntil(mapping)).telling(new MappingOutcome.Unreachable());
        }
        return refusal(mapping, now).orElseGet(() -> lifecycle.ask(mapping, now));
    }

    /** The mapping's action has come due. */
    Step onDue(Mapping mapping, MonoTime now) {
        if (addresses.isNone()) {
            return Step.forgotten(mapping, new MappingOutcome.Released());
        }
        return refusal(mapping, now).orElseGet(() -> lifecycle.onDue(mapping, now));
    }

    private Optional<Step> refusal(Mapping mapping, MonoTime now) {
        return limits.refusal(mapping, addresses.source(), now)
                .map(known -> lifecycle
                        .postponed(mapping, known.result(), known.until(), now)
                        .telling(known.outcome(now)));
    }

    void learn(Mapping mapping, Said said, MonoTime now) {
        limits.learn(asAskedFor(mapping, now), said, addresses.source(), now);
    }

    /** {@return what {@code said} makes of {@code mapping}; empty if it says nothing new} */
    Optional<Step> onResponse(Mapping mapping, Said said, MonoTime now) {
        var fromHere = addresses.source().map(mapping::from).orElse(mapping);
        return Lifecycle.mayBeElsewhere(fromHere, said)
                ? Optional.of(ask(fromHere.notAt(said.assigned().address()), now))
                : lifecycle.onResponse(fromHere, said, now);
    }

    Step refused(Mapping mapping, ResultCode error, Lifetime errorLifetime, MonoTime now) {
        return lifecycle.refused(mapping, error.value(), errorLifetime, now);
    }

    /** {@return when the first renewal of {@code grant} is} */
    MonoTime firstRenewal(Grant grant) {
        return lifecycle.renewal(grant, 0, grant.lastSent());
    }
}
