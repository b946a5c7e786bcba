package io.portreeve.client.engine;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import java.time.Duration;
import java.util.Optional;

/**
 * How the client goes about it.
 *
 * @param serviceWait after a start, what an earlier run had is asked for again when a random part of this is over, so that the
 *     gateways of a street do not come together when the power is back; what an application asks for first does not wait. The
 *     PCP_SERVICE_WAIT of draft-bpw-pcp-upnp-igd-interworking section 5.10
 * @param claims if servers are asked what they have, the private extension GET/NEXT: how long applications have, after a start,
 *     to want again what a server still has from a run of which nothing else is known, before it is deleted. Empty if they are
 *     not asked
 * @param settled before then no lifetime above {@link #BRIEF} is asked for: a client that crashes again and again must not fill
 *     its server with what it forgets. draft-boucadair-pcp-failure section 2.3
 */
public record ClientPolicy(Duration serviceWait, Optional<Duration> claims, MonoTime settled) {

    /** How long a run must last before its client is taken to run properly. */
    public static final Duration SETTLING = Duration.ofMinutes(10);

    static final Lifetime BRIEF = new Lifetime(120);

    public static final ClientPolicy USUAL = new ClientPolicy(Duration.ZERO, Optional.empty(), MonoTime.START);

    public ClientPolicy {
        if (serviceWait.isNegative()) {
            throw new IllegalArgumentException("service wait: " + serviceWait + " (expected: 0 or more)");
        }
    }
}
