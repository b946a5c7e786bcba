package io.portreeve.bench.gateway;

import io.portreeve.bench.IgdService;
import io.portreeve.bench.Measurement;
import io.portreeve.bench.Progress;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** How many queries a second are answered: by each gateway, and by an empty handler in their place, in turn. */
final class Rates {
    private static final List<Integer> CALLERS = List.of(1, 8);
    private static final double AIM_OF_EMPTY = 0.8;

    private final GatewayPlan plan;
    private final Contender ours;
    private final Contender theirs;
    private final URI empty;

    /** @param empty where an {@link EmptyHandler} listens, on the same machine as ours */
    Rates(GatewayPlan plan, Contender ours, Contender theirs, URI empty) {
        this.plan = plan;
        this.ours = ours;
        this.theirs = theirs;
        this.empty = empty;
    }

    private record Round(double ours, double theirs, double empty) {}

    void addTo(GatewayTable table) throws IOException {
        for (var query : List.of(Query.EXTERNAL_ADDRESS, Query.FIRST_MAPPING)) {
            var asked = emptyService(query);
            ours.rate(query, CALLERS.getLast(), plan.warmUp());
            theirs.rate(query, CALLERS.getLast(), plan.warmUp());
            ours.rate(asked, query, CALLERS.getLast(), plan.warmUp());
            for (int callers : CALLERS) {
                add(query, asked, callers, table);
            }
        }
    }

    /** It answers with as many octets as ours. */
    private IgdService emptyService(Query query) throws IOException {
        int octets = ours.call(ours.service(), query, 0).getBytes(StandardCharsets.UTF_8).length;
        return new IgdService(empty.resolve("/" + octets), ours.service().type());
    }

    private void add(Query query, IgdService asked, int callers, GatewayTable table) {
        Progress.say("%s, %d at once".formatted(query.action(), callers));
        var rounds = new ArrayList<Round>();
        for (int i = 0; i < plan.rounds(); i++) {
            rounds.add(new Round(
                    ours.rate(query, callers, plan.round()),
                    theirs.rate(query, callers, plan.round()),
                    ours.rate(asked, query, callers, plan.round())));
        }
        table.add(
                "%s/s, %d at once".formatted(query.action(), callers),
                Measurement.median(rounds, Round::ours),
                Measurement.median(rounds, Round::theirs),
                new Goal.ShareOfEmpty(Measurement.median(rounds, Round::empty), AIM_OF_EMPTY));
    }
}
