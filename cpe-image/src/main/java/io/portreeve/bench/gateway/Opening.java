package io.portreeve.bench.gateway;

import io.portreeve.bench.Measurement;
import io.portreeve.bench.Progress;
import java.io.IOException;
import java.util.ArrayList;

/** How long AddPortMapping takes, in peace and while hosts attack. */
final class Opening {
    private static final Goal IDLE_P99 = new Goal.AtMost(50, 50);
    private static final Goal ATTACKED_P99 = new Goal.AtMost(1_000, 1_000);
    private static final Goal NONE_FAILED = new Goal.AtMost(0, 0);

    private final GatewayPlan plan;
    private final Contender ours;
    private final Contender theirs;

    Opening(GatewayPlan plan, Contender ours, Contender theirs) {
        this.plan = plan;
        this.ours = ours;
        this.theirs = theirs;
    }

    void addTo(GatewayTable table) throws IOException, InterruptedException {
        addIdle(table);
        addAttacked(table);
    }

    private void addIdle(GatewayTable table) throws InterruptedException {
        Progress.say("AddPortMapping");
        ours.open(plan.warmUp());
        theirs.open(plan.warmUp());
        var ourRounds = new ArrayList<Measurement>();
        var theirRounds = new ArrayList<Measurement>();
        for (int i = 0; i < plan.rounds(); i++) {
            ourRounds.add(ours.open(plan.round()));
            theirRounds.add(theirs.open(plan.round()));
        }
        add("idle", Measurement.median(ourRounds), Measurement.median(theirRounds), IDLE_P99, table);
    }

    private void addAttacked(GatewayTable table) throws IOException, InterruptedException {
        Progress.say("AddPortMapping while hosts attack");
        add("attacked", ours.openAttacked(plan.attack()), theirs.openAttacked(plan.attack()), ATTACKED_P99, table);
    }

    private static void add(String when, Measurement ours, Measurement theirs, Goal p99, GatewayTable table) {
        var what = "AddPortMapping, " + when;
        table.add(what + ", p50 ms", ours.creates().p50(), theirs.creates().p50(), new Goal.None());
        table.add(what + ", p99 ms", ours.creates().p99(), theirs.creates().p99(), p99);
        table.add(what + ", calls that failed", ours.failed(), theirs.failed(), NONE_FAILED);
    }
}
