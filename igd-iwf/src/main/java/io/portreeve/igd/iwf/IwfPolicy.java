package io.portreeve.igd.iwf;

import io.portreeve.pcp.Lifetime;
import java.time.Duration;

/**
 * What the interworking may do, and how long it takes for it.
 *
 * @param lowestExternalPort external ports below are refused: they are the gateway's own services
 * @param deadline a control point has its reply by then; most give up after 5 s
 * @param orphanPatience how long a request goes on after its caller was told it failed, in case the caller asks again
 * @param sentinelLifetime of the mapping by which an idle gateway learns its external address
 */
public record IwfPolicy(int lowestExternalPort, Duration deadline, Duration orphanPatience, Lifetime sentinelLifetime) {
    public static final IwfPolicy DEFAULT =
            new IwfPolicy(1024, Duration.ofSeconds(4), Duration.ofMinutes(1), new Lifetime(600));
}
