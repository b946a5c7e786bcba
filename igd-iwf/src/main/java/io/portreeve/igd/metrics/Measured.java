package io.portreeve.igd.metrics;

import io.portreeve.client.ServerView;
import io.portreeve.igd.gateway.Counts;
import io.portreeve.igd.http.RejectReason;
import io.portreeve.igd.iwf.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The gateway as it is measured.
 *
 * @param snapshot empty if the interworking does not answer
 * @param rejects how often HTTP turned somebody away
 * @param servers empty if no provider is asked
 */
public record Measured(
        Optional<Snapshot> snapshot, Counts counts, Map<RejectReason, Long> rejects, List<ServerView> servers) {

    /** {@return that its loop does not go round; empty if it does} */
    List<String> standstill() {
        return snapshot.isPresent() ? List.of() : List.of("the interworking does not answer: see the log");
    }

    /** {@return why ports cannot be opened, as far as the last attempt tells, and what to check; empty if they can} */
    List<String> obstacles() {
        var obstacles = new ArrayList<>(standstill());
        if (!counts.isAnswered()) {
            obstacles.add(
                    "nobody could be asked for the last port: check the WAN address, and the route to the PCP server");
        }
        if (!counts.isStored()) {
            obstacles.add("the last change could not be stored: check the disk of 'state-dir'");
        }
        silence()
                .map(it -> "the PCP server has answered nothing for " + it.toSeconds()
                        + " s: check that it runs, and that UDP is dropped neither on the way there nor back")
                .ifPresent(obstacles::add);
        return obstacles;
    }

    /** {@return how long all PCP servers have been silent; empty if one is not, or there is none to ask} */
    Optional<Duration> silence() {
        return servers.stream()
                .filter(server -> server.address().isPresent())
                .map(server -> server.silentFor().orElse(Duration.ZERO))
                .min(Comparator.naturalOrder())
                .filter(Duration::isPositive);
    }
}
