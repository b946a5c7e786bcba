package io.portreeve.igd.gateway;

import io.portreeve.client.MappingOutcome;
import io.portreeve.igd.iwf.IgdAction;
import io.portreeve.igd.iwf.IgdReply;
import io.portreeve.pcp.ResultCode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the gateway has done since its start. Any thread may count and read; no text of a host is in any of it. */
public final class Counts {

    /** @param result {@code ok}, or the code of the UPnP error */
    public record Call(String action, String result) {}

    /** By action, then by result. Keys that are records would take a hundredth of a query's time. */
    private final Map<String, Map<String, LongAdder>> calls = new ConcurrentHashMap<>();

    private final Map<String, LongAdder> pcpAnswers = new ConcurrentHashMap<>();
    private final LongAdder commits = new LongAdder();
    private final LongAdder commitNanos = new LongAdder();
    private final LongAdder failedCommits = new LongAdder();
    private volatile boolean isAnswered = true;
    private volatile boolean isStored = true;

    void called(IgdAction action, IgdReply reply) {
        var result = reply instanceof IgdReply.Failed(var error) ? "" + error.code() : "ok";
        calls.computeIfAbsent(action.getClass().getSimpleName(), _ -> new ConcurrentHashMap<>())
                .computeIfAbsent(result, _ -> new LongAdder())
                .increment();
    }

    void pcpAnswered(MappingOutcome outcome) {
        isAnswered = !(outcome instanceof MappingOutcome.Unreachable);
        pcpAnswers.computeIfAbsent(result(outcome), _ -> new LongAdder()).increment();
    }

    private static String result(MappingOutcome outcome) {
        return switch (outcome) {
            case MappingOutcome.Granted _, MappingOutcome.Released _ -> ResultCode.SUCCESS.name();
            case MappingOutcome.Refused refused ->
                ResultCode.of(refused.result()).map(ResultCode::name).orElse("UNKNOWN");
            case MappingOutcome.HeldByOther _ -> "HELD_BY_OTHER";
            case MappingOutcome.Unreachable() -> "NONE";
        };
    }

    void committed(Duration took) {
        isStored = true;
        commits.increment();
        commitNanos.add(took.toNanos());
    }

    void notCommitted() {
        isStored = false;
        failedCommits.increment();
    }

    public Map<Call, LongAdder> calls() {
        var all = new HashMap<Call, LongAdder>();
        calls.forEach(
                (action, results) -> results.forEach((result, count) -> all.put(new Call(action, result), count)));
        return all;
    }

    /** {@return by result: the name of a PCP result code, NONE if there was no answer, HELD_BY_OTHER if nobody was asked} */
    public Map<String, LongAdder> pcpAnswers() {
        return Map.copyOf(pcpAnswers);
    }

    public long commits() {
        return commits.sum();
    }

    public Duration commitTime() {
        return Duration.ofNanos(commitNanos.sum());
    }

    public long failedCommits() {
        return failedCommits.sum();
    }

    /** {@return false if the last question to the PCP server was not answered} */
    public boolean isAnswered() {
        return isAnswered;
    }

    /** {@return false if the last change could not be stored} */
    public boolean isStored() {
        return isStored;
    }
}
