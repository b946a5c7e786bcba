package io.portreeve.igd.hosts;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How long each host that has entries has not been there. */
final class Silences {
    private final Duration longest;
    private final Map<PcpAddress, MonoTime> since = new HashMap<>();

    /** @param longest how long a host may be away before it counts as gone */
    Silences(Duration longest) {
        this.longest = longest;
    }

    /**
     * {@return those that count as gone now} Each is told of again only after it has been away as long once more.
     *
     * @param watched the hosts that have entries
     * @param present the hosts that are there
     */
    List<PcpAddress> gone(Set<PcpAddress> watched, Set<PcpAddress> present, MonoTime now) {
        since.keySet().removeIf(host -> !watched.contains(host) || present.contains(host));
        watched.stream().filter(host -> !present.contains(host)).forEach(host -> since.putIfAbsent(host, now));
        var gone = since.keySet().stream()
                .filter(host -> !now.isBefore(since.get(host).plus(longest)))
                .sorted()
                .toList();
        gone.forEach(since::remove);
        return gone;
    }
}
