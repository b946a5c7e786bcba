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

    /** {@return after how many grants renewals come as fast as they will} One in eight comes before. */
    int unwatched() {
        return mappings + mappings / 8;
    }

    /** {@return how many renewals are watched: as many as there are mappings} */
    int renewals() {
        return mappings;
    }

    /** {@return how far apart renewals are, in the mean} */
    Duration distance() {
        return renewedAfter(lifetime).dividedBy(mappings);
    }

    /** {@return when a mapping is renewed, in the mean: between 1/2 and 5/8 of its lifetime} RFC 6887 section 11.2.1. */
    static Duration renewedAfter(Duration lifetime) {
        return lifetime.multipliedBy(9).dividedBy(16);
    }
}
