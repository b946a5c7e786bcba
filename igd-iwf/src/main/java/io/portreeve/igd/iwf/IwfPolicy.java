package io.portreeve.igd.iwf;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import java.time.Duration;
import java.util.Set;

/**
 * What the interworking may do, and how long it takes for it.
 *
 * @param access which ports hosts may have
 * @param quotas how many of them
 * @param deletion what becomes of entries that the provider does not delete
 * @param asking how the provider is asked for entries
 * @param deadline a control point has its reply by then; most give up after 5 s
 * @param orphanPatience how long a request goes on after its caller was told it failed, in case the caller asks again
 * @param sentinelLifetime of the mapping by which an idle gateway learns its external address
 * @param translates true if the gateway has a NAT of its own: the provider sees its WAN address, and not the hosts
 * @param ownPorts of the WAN address; the gateway itself uses them, so its NAT leads none of them to a host
 */
public record IwfPolicy(
        AccessPolicy access,
        Quotas quotas,
        DeletionPolicy deletion,
        AskingPolicy asking,
        Duration deadline,
        Duration orphanPatience,
        Lifetime sentinelLifetime,
        boolean translates,
        Set<WanPort> ownPorts) {

    /** A gateway that translates; PCP's two ports are its own. */
    public static final IwfPolicy TRANSLATING = new IwfPolicy(
            AccessPolicy.USUAL,
            Quotas.USUAL,
            DeletionPolicy.USUAL,
            AskingPolicy.USUAL,
            Duration.ofSeconds(4),
            Duration.ofMinutes(1),
            new Lifetime(600),
            true,
            Set.of(new WanPort(IpProtocol.UDP, 5350), new WanPort(IpProtocol.UDP, 5351)));

    public static final IwfPolicy ROUTING = new IwfPolicy(
            AccessPolicy.USUAL,
            Quotas.USUAL,
            DeletionPolicy.USUAL,
            AskingPolicy.USUAL,
            TRANSLATING.deadline,
            TRANSLATING.orphanPatience,
            TRANSLATING.sentinelLifetime,
            false,
            Set.of());

    public IwfPolicy {
        ownPorts = Set.copyOf(ownPorts);
    }

    /** {@return true if the gateway opens its own NAT by itself while the PCP server cannot be reached} */
    boolean opensByItself() {
        return translates && asking.whileUnreachable() == AskingPolicy.WhileUnreachable.LOCAL_THEN_SYNC;
    }

    /** {@return how long {@code action} may take} What is asked for again needs longer; the control point must know. */
    Duration deadline(IgdAction action) {
        return action instanceof IgdAction.Add ? longestAnswer() : deadline;
    }

    /** {@return how long the slowest action may take} */
    public Duration longestAnswer() {
        return deadline.plus(Strategy.RETRY.multipliedBy(asking.retries()));
    }

    public IwfPolicy with(Duration otherDeadline) {
        return new IwfPolicy(
                access,
                quotas,
                deletion,
                asking,
                otherDeadline,
                orphanPatience,
                sentinelLifetime,
                translates,
                ownPorts);
    }

    public IwfPolicy with(AccessPolicy other) {
        return new IwfPolicy(
                other, quotas, deletion, asking, deadline, orphanPatience, sentinelLifetime, translates, ownPorts);
    }

    public IwfPolicy with(Quotas other) {
        return new IwfPolicy(
                access, other, deletion, asking, deadline, orphanPatience, sentinelLifetime, translates, ownPorts);
    }

    public IwfPolicy with(DeletionPolicy other) {
        return new IwfPolicy(
                access, quotas, other, asking, deadline, orphanPatience, sentinelLifetime, translates, ownPorts);
    }

    public IwfPolicy with(AskingPolicy other) {
        return new IwfPolicy(
                access, quotas, deletion, other, deadline, orphanPatience, sentinelLifetime, translates, ownPorts);
    }
}
