package io.portreeve.server.engine;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.engine.Terms.Origin;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells clients, three times, what became of a mapping without their asking. Source: RFC 6887 section 14.2. */
final class Updates {
    private static final List<Duration> GAPS = List.of(Duration.ofMillis(250), Duration.ofMillis(500));

    /**
     * @param row the mapping when this began
     * @param lost why it is not there any more; empty: what is told is what it is then
     */
    private record Series(MappingRow row, Optional<ResultCode> lost, int sent, MonoTime due) {}

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
    void tellLost(MappingRow row, ResultCode why, Step step) {
        tell(row, Optional.of(why), step);
    }

    /** A client of NAT-PMP knows no PCP, and NAT-PMP no such message; what the operator made has no client. */
    private void tell(MappingRow row, Optional<ResultCode> lost, Step step) {
        if (state.policy.versions().hasPcp() && row.terms().origin() == Origin.PCP) {
            series.put(row.key(), new Series(row, lost, 0, step.now));
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
        var response = its.lost()
                .map(why -> grants.lost(its.row(), why, step))
                .or(() -> state.table
                        .find(key)
                        .filter(mapping ->
                                mapping.row().nonce().equals(its.row().nonce())) // else another's by now
                        .map(mapping -> grants.update(mapping.row(), step)));
        if (response.isEmpty()) {
            return;
        }
        step.add(new ServerEffect.Send(its.row().lastAsker(), response.get()));
        if (its.sent() < GAPS.size()) {
            var due = its.due().plus(GAPS.get(its.sent()));
            series.put(key, new Series(its.row(), its.lost(), its.sent() + 1, due));
        }
    }
}
