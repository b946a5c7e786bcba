package io.portreeve.igd.iwf;

import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingLease;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingTerms;
import io.portreeve.client.PortCount;
import io.portreeve.igd.iwf.AskingPolicy.Descriptions;
import io.portreeve.igd.iwf.AskingPolicy.Fallback;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.ResultCode;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What PCP is asked for entries, and what it is known not to understand. Source: RFC 6970 sections 4.1, 5.6, 5.9. */
final class PcpRequests {
    /** The client's own limit to how long it believes an error. */
    private static final Duration LONGEST_MEMORY = Duration.ofMinutes(30);

    private static final Lifetime TRIAL = new Lifetime(120);
    private static final int WHOLE_ADDRESS = 128;

    private final Supplier<IwfPolicy> policy;
    private final Function<PcpAddress, Optional<PcpAddress>> external;

    /** Until when no server is asked for PREFER_FAILURE, because one did not know it. */
    private MonoTime suggestingUntil = MonoTime.START;

    /** @param external the address that a host is known to be reached at: it is to have one and no other */
    PcpRequests(Supplier<IwfPolicy> policy, Function<PcpAddress, Optional<PcpAddress>> external) {
        this.policy = policy;
        this.external = external;
    }

    /** {@return how {@code mapping}, which PCP does not hold yet, is asked for at first} */
    Approach approach(PortMapping mapping, MonoTime now) {
        return mapping.choice() == PortChoice.EXACTLY && suggests(now) ? Approach.SUGGESTING : Approach.FOR_GOOD;
    }

    private boolean suggests(MonoTime now) {
        return policy.get().asking().strategy() == AddStrategy.DRAFT_ALT1 || now.isBefore(suggestingUntil);
    }

    MappingRequest of(PortMapping mapping, Approach approach, MonoTime now) {
        return switch (approach) {
            case FOR_GOOD -> keeping(mapping, now);
            case SUGGESTING -> trying(mapping, preferred(mapping), now);
            case ANY_PORT -> trying(mapping, new ExternalChoice.Any(), now);
        };
    }

    /** {@return the request that keeps {@code mapping} as long as its lease is} */
    MappingRequest keeping(PortMapping mapping, MonoTime now) {
        if (mapping.choice() == PortChoice.ANY || suggests(now)) {
            return preferring(mapping, now);
        }
        var choice = new ExternalChoice.Exactly(mapping.key().externalPort(), address(mapping));
        return request(mapping, choice, mapping.lease().atProvider(now));
    }

    /** {@return the request that keeps {@code mapping} as long as its lease is, and asks for its port without insisting} */
    MappingRequest preferring(PortMapping mapping, MonoTime now) {
        return request(mapping, preferred(mapping), mapping.lease().atProvider(now));
    }

    private ExternalChoice preferred(PortMapping mapping) {
        int port = mapping.key().externalPort();
        return port == 0 ? new ExternalChoice.Any() : new ExternalChoice.Preferred(port, address(mapping));
    }

    private PcpAddress address(PortMapping mapping) {
        return external.apply(mapping.internalClient()).orElse(PcpAddress.ANY_IPV4);
    }

    private MappingRequest trying(PortMapping mapping, ExternalChoice choice, MonoTime now) {
        var lifetime = mapping.lease().atProvider(now).lifetime();
        var tried = lifetime.seconds() < TRIAL.seconds() ? lifetime : TRIAL;
        return request(mapping, choice, new MappingLease.UntilReleased(tried));
    }

    private MappingRequest request(PortMapping mapping, ExternalChoice choice, MappingLease lease) {
        return new MappingRequest(mapping.pcpKey(), PortMapping.OWNER, choice, lease, terms(mapping));
    }

    private MappingTerms terms(PortMapping mapping) {
        var filters = mapping.key().remoteHost().stream()
                .map(host -> new Filter(WHOLE_ADDRESS, 0, host))
                .toList();
        return new MappingTerms(filters, description(mapping), new PortCount.One());
    }

    /** An octet of zero has no place in the option, whatever a control point writes. RFC 7220 section 3. */
    private String description(PortMapping mapping) {
        return policy.get().asking().descriptions() == Descriptions.RELAYED
                ? mapping.description().replace("\0", "")
                : "";
    }

    /** {@return true if {@code refused}, which was for one port or none, may mean that PREFER_FAILURE is not known} */
    boolean mayFallBack(MappingOutcome.Refused refused) {
        return refused.result() == ResultCode.UNSUPP_OPTION.value()
                && policy.get().asking().fallback() == Fallback.DRAFT_ALT1;
    }

    /** Nobody is asked for PREFER_FAILURE for a while. {@return true if that is news} */
    boolean suggestFrom(MonoTime now) {
        boolean isNews = !suggests(now);
        suggestingUntil = now.plus(LONGEST_MEMORY);
        return isNews;
    }

    void providerChanged() {
        suggestingUntil = MonoTime.START;
    }
}
