package io.portreeve.igd.iwf;

import io.portreeve.igd.limits.HostLimit;
import io.portreeve.igd.limits.Rate;

/**
 * How much of the table each host may have, and how fast.
 *
 * @param ofHost entries, those being made included; 1 or more
 * @param ofLan entries of all hosts together; 1 or more
 * @param hostRate of the calls that open a port or look for one
 * @param lanRate of those of all hosts together
 */
public record Quotas(int ofHost, int ofLan, Rate hostRate, Rate lanRate) {
    public static final Quotas NONE = new Quotas(Integer.MAX_VALUE, Integer.MAX_VALUE, Rate.UNLIMITED, Rate.UNLIMITED);

    /** How many hosts may have all they may before the LAN has. */
    private static final int HOSTS = 16;

    public static final Quotas USUAL = ofEachHost(64, 10);

    /**
     * {@return the quotas of a LAN whose hosts may have so much each}
     *
     * @param mappings 0 for as many as they like
     * @param perSecond calls; 0 for as fast as they like
     */
    public static Quotas ofEachHost(int mappings, int perSecond) {
        return new Quotas(
                mappings == 0 ? NONE.ofHost : mappings,
                mappings == 0 ? NONE.ofLan : mappings * HOSTS,
                perSecond == 0 ? Rate.UNLIMITED : new Rate(perSecond, 3 * perSecond + 2),
                perSecond == 0 ? Rate.UNLIMITED : new Rate(20 * perSecond, 100 * perSecond));
    }

    public Quotas {
        if (ofHost < 1 || ofLan < 1) {
            throw new IllegalArgumentException(
                    "quotas: " + ofHost + " of a host, " + ofLan + " of the LAN (expected: 1 or more of both)");
        }
    }

    boolean hasRatesOf(Quotas other) {
        return hostRate.equals(other.hostRate) && lanRate.equals(other.lanRate);
    }

    /** {@return what counts how fast hosts are, from now on} */
    HostLimit limit() {
        return new HostLimit(hostRate, lanRate);
    }
}
