package io.portreeve.bench.gateway;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param starts of each program; the median is shown
 * @param rounds how often each rate and each idle latency is measured; the median is shown
 * @param round how long one of these takes
 * @param warmUp how long a program is called before what is called is measured
 * @param attack how long an attack goes on
 */
record GatewayPlan(int starts, int rounds, Duration round, Duration warmUp, Duration attack) {
    static final GatewayPlan FULL =
            new GatewayPlan(5, 5, Duration.ofSeconds(3), Duration.ofSeconds(5), Duration.ofSeconds(30));
    static final GatewayPlan QUICK =
            new GatewayPlan(5, 3, Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(10));
}
