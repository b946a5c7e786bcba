package io.portreeve.client.engine;

import java.time.Duration;

/**
 * How the client goes about it.
 *
 * @param serviceWait after a start, what an earlier run had is asked for again when a random part of this is over, so that the
 *     gateways of a street do not come together when the power is back; what an application asks for first does not wait. The
 *     PCP_SERVICE_WAIT of draft-bpw-pcp-upnp-igd-interworking section 5.10
 */
public record ClientPolicy(Duration serviceWait) {
    public static final ClientPolicy USUAL = new ClientPolicy(Duration.ZERO);

    public ClientPolicy {
        if (serviceWait.isNegative()) {
            throw new IllegalArgumentException("service wait: " + serviceWait + " (expected: 0 or more)");
        }
    }
}
