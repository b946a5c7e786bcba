package io.portreeve.igd.limits;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often each host, and all hosts together, may have something. Only the hosts seen last are remembered; one that is forgotten
 * has not asked for long, or is one of more hosts than a LAN has, and then the rate of all together holds.
 *
 * <p>A host is an address. All hosts of a LAN share their IPv6 prefix and each has as many addresses there as it likes, so one that
 * changes them is bound by the rate of all together only.
 */
public final class HostLimit {
    private static final int MAX_HOSTS = 256;

    private final Rate perHost;
    private final TokenBucket total;
    private final Map<PcpAddress, TokenBucket> hosts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PcpAddress, TokenBucket> eldest) {
            return size() > MAX_HOSTS;
        }
    };

    public HostLimit(Rate perHost, Rate total) {
        this.perHost = perHost;
        this.total = new TokenBucket(total);
    }

    /** {@return true if {@code host} may have {@code count} more} What a host may not have takes nothing from the others. */
    public boolean admits(PcpAddress host, int count, MonoTime now) {
        return hosts.computeIfAbsent(host, _ -> new TokenBucket(perHost)).take(count, now) && total.take(count, now);
    }
}
