package io.portreeve.bench;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Cgn;
import io.portreeve.server.cgn.SubscriberId;
import java.util.List;

/** Measures a CGN alone, without PCP. */
final class CgnRun {
    private static final List<Integer> SIZES = List.of(10, 1_000, 10_000);
    private static final List<Integer> CALLERS = List.of(1, 64);
    private static final SubscriberId SUBSCRIBER = new SubscriberId(PcpAddress.parse("100.64.0.2"));

    private final Plan plan;
    private final Cgn cgn;

    CgnRun(Plan plan, Cgn cgn) {
        this.plan = plan;
        this.cgn = cgn;
    }

    void run() throws Exception {
        var subscriber = CgnMappings.done(cgn.getSubscriber(SUBSCRIBER));
        var contestant = new Contestant(cgn.getClass().getSimpleName(), new CgnMappings(cgn, subscriber));
        for (int callers : CALLERS) {
            contestant.warmUp(callers, plan.round());
        }
        for (int size : SIZES) {
            contestant.fill(size, plan.filling());
            for (int round = 0; round < plan.rounds(); round++) {
                for (int callers : CALLERS) {
                    contestant.measure(callers, plan.round());
                }
            }
        }
    }
}
