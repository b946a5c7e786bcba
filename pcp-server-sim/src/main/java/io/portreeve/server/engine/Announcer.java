package io.portreeve.server.engine;

import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says, several times because datagrams get lost, that mappings were. Source: RFC 6887 sections 14.1.3, 14.2. */
final class Announcer {
    /** Where clients listen for what nobody asked for. RFC 6887 section 19.1. */
    private static final int CLIENT_PORT = 5350;

    private static final int COPIES = 10;
    private static final Duration FIRST_GAP = Duration.ofMillis(250);

    /** The copies still to be sent to one subscriber, or to all. */
    private record Series(int sent, Duration gap, MonoTime due) {
        static Series begin(MonoTime now) {
            return new Series(0, FIRST_GAP, now);
        }

        Optional<Series> next() {
            return sent + 1 == COPIES
                    ? Optional.empty()
                    : Optional.of(new Series(sent + 1, gap.multipliedBy(2), due.plus(gap)));
        }
    }

    private final ServerState state;

    /** Empty stands for all. */
    private final Map<Optional<SubscriberId>, Series> series = new LinkedHashMap<>();

    Announcer(ServerState state) {
        this.state = state;
    }

    MonoTime nextDue() {
        return series.values().stream()
                .map(Series::due)
                .min(MonoTime::compareTo)
                .orElse(MonoTime.NEVER);
    }

    void announceToAll(Step step) {
        series.clear();
        series.put(Optional.empty(), Series.begin(step.now));
        due(step);
    }

    void announceTo(SubscriberId subscriber, Step step) {
        series.put(Optional.of(subscriber), Series.begin(step.now));
        due(step);
    }

    void due(Step step) {
        List<Optional<SubscriberId>> due = new ArrayList<>();
        series.forEach((target, its) -> {
            if (!its.due().isAfter(step.now)) {
                due.add(target);
            }
        });
        for (var target : due) {
            send(target, step);
            series.remove(target).next().ifPresent(next -> series.put(target, next));
        }
    }

    private void send(Optional<SubscriberId> target, Step step) {
        var epoch = target.map(id -> state.epochs.of(id, step.now)).orElseGet(() -> state.epochs.common(step.now));
        var response = new AnnounceResponse(ResultCode.SUCCESS.value(), epoch);
        step.add(target.<ServerEffect>map(
                        id -> new ServerEffect.Send(new Endpoint(id.address(), CLIENT_PORT), response))
                .orElseGet(() -> new ServerEffect.AnnounceToAll(response)));
    }
}
