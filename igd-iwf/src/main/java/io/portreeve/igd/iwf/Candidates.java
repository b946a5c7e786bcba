package io.portreeve.igd.iwf;

import io.portreeve.client.MappingKey;
import io.portreeve.pcp.MonoTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the provider granted in place of what was wanted: control points count their wish up, and may come to it. Until it is given
 * up, nobody else is asked for its internal endpoint. Source: draft-bpw-pcp-upnp-igd-interworking-00 section 5.7.2.1.
 */
final class Candidates {
    /** How long a control point may take to come to it. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Each costs the subscriber one mapping of what the provider lets him have. */
    private static final int MOST = 16;

    /** @param wanted what the control point wanted, with the gateway's NAT port of it @param port the external one that there is */
    record Candidate(PortMapping wanted, int port, MonoTime until) {
        boolean serves(PortMapping other) {
            return other.key()
                    .equals(new PortMappingKey(
                            wanted.key().remoteHost(), port, wanted.key().protocol()));
        }
    }

    private final Map<InternalEndpoint, Candidate> candidates = new LinkedHashMap<>();

    /** Until when the ports that these want are not asked for any more, because the first was refused. */
    private final Map<InternalEndpoint, MonoTime> refused = new HashMap<>();

    boolean hasRoom() {
        return candidates.size() < MOST;
    }

    void put(PortMapping wanted, int port, MonoTime now) {
        candidates.put(InternalEndpoint.of(wanted), new Candidate(wanted, port, now.plus(PATIENCE)));
    }

    Optional<Candidate> of(PortMapping wanted) {
        return Optional.ofNullable(candidates.get(InternalEndpoint.of(wanted)));
    }

    Optional<Candidate> take(PortMapping wanted) {
        return Optional.ofNullable(candidates.remove(InternalEndpoint.of(wanted)));
    }

    /** {@code key} is on {@code port} now. */
    void moved(MappingKey key, int port) {
        candidates.replaceAll(
                (_, it) -> it.wanted().pcpKey().equals(key) ? new Candidate(it.wanted(), port, it.until()) : it);
    }

    /** {@return what the provider serves no more, which is no candidate any more} */
    Optional<Candidate> lost(MappingKey key) {
        var lost = candidates.values().stream()
                .filter(it -> it.wanted().pcpKey().equals(key))
                .findFirst();
        lost.ifPresent(it -> take(it.wanted()));
        return lost;
    }

    List<Candidate> takeAll() {
        var all = List.copyOf(candidates.values());
        candidates.clear();
        refused.clear();
        return all;
    }

    void refuse(PortMapping wanted, MonoTime now) {
        refused.put(InternalEndpoint.of(wanted), now.plus(PATIENCE));
    }

    boolean isRefused(PortMapping wanted) {
        return refused.containsKey(InternalEndpoint.of(wanted));
    }

    MonoTime nextDue() {
        return candidates.values().stream()
                .map(Candidate::until)
                .min(Comparator.naturalOrder())
                .orElse(MonoTime.NEVER)
                .earlier(
                        refused.values().stream().min(Comparator.naturalOrder()).orElse(MonoTime.NEVER));
    }

    /** {@return those that nobody has come to} They are candidates no more. */
    List<Candidate> abandoned(MonoTime now) {
        refused.values().removeIf(until -> !now.isBefore(until));
        var abandoned = new ArrayList<>(candidates.values());
        abandoned.removeIf(it -> now.isBefore(it.until()));
        abandoned.forEach(it -> take(it.wanted()));
        return abandoned;
    }
}
