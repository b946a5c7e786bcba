package io.portreeve.bench;

import java.net.InetAddress;
import java.util.List;

/** Measures two gateways by the same load in turn, so that what else the machine does meets both. */
final class ChainRun {
    private static final List<Integer> CALLERS = List.of(1, 8);

    private final Plan plan;
    private final PortMappings ours;
    private final PortMappings theirs;

    ChainRun(Plan plan, PortMappings ours, PortMappings theirs) {
        this.plan = plan;
        this.ours = ours;
        this.theirs = theirs;
    }

    void run() throws Exception {
        measureLoad();
        var contestants = List.of(new Contestant(Subject.CHAIN, ours), new Contestant(Subject.MINIUPNPD, theirs));
        for (var contestant : contestants) {
            contestant.warmUp(CALLERS.getLast(), plan.warmUp());
        }
        for (int size : plan.sizes()) {
            for (var contestant : contestants) {
                contestant.fill(size, plan.filling());
            }
            for (int round = 0; round < plan.rounds(); round++) {
                measure(contestants);
            }
        }
    }

    private void measure(List<Contestant> contestants) throws InterruptedException {
        for (int callers : CALLERS) {
            for (var contestant : contestants) {
                contestant.measure(callers, plan.round());
            }
        }
    }

    /** What the load could do if gateways did nothing. */
    private void measureLoad() throws Exception {
        try (var answerer = new Answerer()) {
            var service = new IgdService(answerer.control(), "urn:schemas-upnp-org:service:WANIPConnection:1");
            var load =
                    new Contestant(Subject.LOAD, new SoapMappings(service, List.of(InetAddress.getLoopbackAddress())));
            load.warmUp(CALLERS.getLast(), plan.warmUp());
            for (int callers : CALLERS) {
                load.measure(callers, plan.round());
            }
        }
    }
}
