package io.portreeve.igd.ssdp;

import java.time.Duration;

/**
 * How discovery speaks.
 *
 * @param maxDelay the longest that an answer to a multicast search waits, however long the control point would
 * @param timeToLive of IPv4 datagrams and of those to an IPv6 link: 1..255
 * @param siteHops the hop limit of what is sent to an IPv6 site: 1..255
 */
public record SsdpSettings(Duration maxDelay, int timeToLive, int siteHops) {
    private static final int MAX_HOPS = 255;

    /** Source: UPnP Device Architecture 2.0 section 1 and annex A section A.2.3. */
    public static final SsdpSettings DEFAULT = new SsdpSettings(Duration.ofMillis(250), 2, 10);

    public SsdpSettings {
        if (maxDelay.isNegative()) {
            throw new IllegalArgumentException("SSDP delay: " + maxDelay + " (expected: 0 or more)");
        }
        requireHops("SSDP time to live", timeToLive);
        requireHops("SSDP hop limit", siteHops);
    }

    private static void requireHops(String what, int hops) {
        if (hops < 1 || hops > MAX_HOPS) {
            throw new IllegalArgumentException(what + ": " + hops + " (expected: 1.." + MAX_HOPS + ")");
        }
    }

    int hops(SsdpGroup group) {
        return group == SsdpGroup.IPV6_SITE ? siteHops : timeToLive;
    }
}
