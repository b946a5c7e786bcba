package io.portreeve.igd.iwf;

import io.portreeve.igd.limits.Rate;

/**
 * How much of the table each host may have, and how fast.
 *
 * @param ofHost entries, those being made included; 1 or more
 * @param ofLan entries of all hosts together; 1 or more
 * @param hostRate of the calls that may cost the provider something
 * @param lanRate of those of all hosts together
 */
public record Quotas(int ofHost, int ofLan, Rate hostRate, Rate lanRate) {
    public static final Quotas USUAL = new Quotas(64, 1024, new Rate(10, 32), new Rate(200, 1000));
    public static final Quotas NONE = new Quotas(Integer.MAX_VALUE, Integer.MAX_VALUE, Rate.UNLIMITED, Rate.UNLIMITED);

    public Quotas {
        if (ofHost < 1 || ofLan < 1) {
            throw new IllegalArgumentException(
                    "quotas: " + ofHost + " of a host, " + ofLan + " of the LAN (expected: 1 or more of both)");
        }
    }
}
