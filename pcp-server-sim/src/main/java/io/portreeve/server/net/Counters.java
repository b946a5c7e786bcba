package io.portreeve.server.net;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.natpmp.NatPmpRequest;
import io.portreeve.server.engine.ServerEffect.Answer;
import io.portreeve.server.engine.ServerEffect.Ignore;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.RefuseNatPmp;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEffect.ReplyNatPmp;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What has come and gone since the start. Any thread may count and read. */
public final class Counters {
    private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> options = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();

    void requested(PcpRequest request) {
        count(
                requests,
                switch (request) {
                    case AnnounceRequest _ -> "ANNOUNCE";
                    case MapRequest _ -> "MAP";
                    case PeerRequest _ -> "PEER";
                    case GetRequest _ -> "GET";
                });
        request.options().stream().map(Counters::name).forEach(option -> count(options, option));
    }

    /** {@return as RFC 6887 writes it: {@code PREFER_FAILURE}} */
    private static String name(PcpOption option) {
        return option instanceof PcpOption.Unknown unknown
                ? "option " + unknown.code()
                : option.getClass()
                        .getSimpleName()
                        .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                        .toUpperCase(Locale.ROOT);
    }

    void requested(NatPmpRequest request) {
        count(requests, "NAT-PMP " + request.getClass().getSimpleName());
    }

    /** One that cannot be read, or is of a version that is not spoken. */
    void requestedOddly() {
        count(requests, "unreadable");
    }

    void dropped() {
        count(requests, "met with silence");
    }

    /** What a CGN hands over, and is no sound packet for PCP. */
    void encapsulatedBadly() {
        count(requests, "badly encapsulated");
    }

    void answered(Answer answer) {
        count(
                answers,
                switch (answer) {
                    case Reply reply -> result(reply.response().result());
                    case Refuse refuse -> refuse.result().name();
                    case ReplyNatPmp reply -> "NAT-PMP " + reply.response().result();
                    case RefuseNatPmp refuse -> "NAT-PMP " + refuse.result();
                    case Ignore _ -> "none: it repeats one that is being answered, or comes from nobody";
                });
    }

    private static String result(int code) {
        return ResultCode.of(code).map(ResultCode::name).orElse("result " + code);
    }

    private static void count(Map<String, LongAdder> counters, String name) {
        counters.computeIfAbsent(name, _ -> new LongAdder()).increment();
    }

    /** {@return requests, their options and the answers, by name} */
    public SortedMap<String, SortedMap<String, Long>> all() {
        return new TreeMap<>(Map.of("requests", sums(requests), "options", sums(options), "answers", sums(answers)));
    }

    private static SortedMap<String, Long> sums(Map<String, LongAdder> counters) {
        var sums = new TreeMap<String, Long>();
        counters.forEach((name, count) -> sums.put(name, count.sum()));
        return sums;
    }
}
