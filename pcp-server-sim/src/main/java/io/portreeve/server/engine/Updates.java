package io.portreeve.server.engine;

import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MonoTime;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.engine.Terms.Origin;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells clients, three times, what became of a mapping without their asking. Source: RFC 6887 section 14.2. */
final class Updates {
    private static final List<Duration> GAPS = List.of(Duration.ofMillis(250), Duration.ofMillis(500));

    /** @param lost what is told if the mapping is not there any more; empty: what it is then */
    private record Series(Endpoint client, Optional<MapResponse> lost, int sent, MonoTime due) {}

    private final ServerState state;
    private final Grants grants;
    private final Map<MappingKey, Series> series = new LinkedHashMap<>();

    Updates(ServerState state, Grants grants) {
        this.state = state;
        this.grants = grants;
    }

    MonoTime nextDue() {
        return series.values().stream()
                .map(Series::due)
                .min(MonoTime::compareTo)
                .orElse(MonoTime.NEVER);
    }

    /** The mapping is on disk with its new external address. */
    void tell(MappingRow row, Step step) {
        tell(row, Optional.empty(), step);
    }

    /** The mapping could not be kept as its client wants it. */
    void tellLost(MappingRow row, MapResponse error, Step step) {
        tell(row, Optional.of(error), step);
    }

    /** A client of NAT-PMP knows no PCP, and NAT-PMP no such message. */
    private void tell(MappingRow row, Optional<MapResponse> lost, Step step) {
        if (state.policy.versions().hasPcp() && row.terms().origin() != Origin.NAT_PMP) {
            series.put(row.key(), new Series(row.client(), lost, 0, step.now));
            due(step);
        }
    }

    /** Its client has asked for this mapping, and so it knows. */
    void stop(MappingKey key) {
        series.remove(key);
    }

    void due(Step step) {
        for (var key : List.copyOf(series.keySet())) {
            var its = series.get(key);
            if (!its.due().isAfter(step.now)) {
                send(key, its, step);
            }
        }
    }

    private void send(MappingKey key, Series its, Step step) {
        series.remove(key);
        var response = its.lost().or(() -> state.table.find(key).map(mapping -> grants.update(mapping.row(), step)));
        if (response.isEmpty()) {
            return;
        }
        step.add(new ServerEffect.Send(its.client(), response.get()));
        if (its.sent() < GAPS.size()) {
            var due = its.due().plus(GAPS.get(its.sent()));
            series.put(key, new Series(its.client(), its.lost(), its.sent() + 1, due));
        }
    }
}
