package io.portreeve.bench.client;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param mappings that are renewed
 * @param lifetime of these: short, so that enough renewals come while somebody waits
 * @param warmUp exchanges that come before those that are counted
 * @param idle how long wake-ups are counted
 * @param settling how long processes are left alone before that
 */
public record ClientPlan(int mappings, Duration lifetime, int warmUp, Duration idle, Duration settling) {
    public static final ClientPlan FULL =
            new ClientPlan(10_000, Duration.ofSeconds(120), 20_000, Duration.ofSeconds(20), Duration.ofSeconds(5));
    public static final ClientPlan QUICK =
            new ClientPlan(2_500, Duration.ofSeconds(30), 20_000, Duration.ofSeconds(10), Duration.ofSeconds(3));

    /** {@return how long it takes to ask for all of them: renewals are spread as over a longer life} */
    Duration asking() {
        return lifetime.dividedBy(2);
    }

    /** {@return how long after the first request renewals come as fast as they will} RFC 6887 section 11.2.1. */
    Duration beforeRenewals() {
        return lifetime.multipliedBy(5).dividedBy(8);
    }

    Duration renewing() {
        return lifetime.dividedBy(2);
    }

    /** {@return how many to expect while they are watched} */
    int renewals() {
        return (int) (mappings * renewing().toNanos() / renewedAfter(lifetime).toNanos());
    }

    /** {@return when a mapping is renewed, in the mean: anywhere between 1/2 and 5/8 of its lifetime} */
    static Duration renewedAfter(Duration lifetime) {
        return lifetime.multipliedBy(9).dividedBy(16);
    }
}
