package io.portreeve.igd.ssdp;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/** How many answers each host, and all hosts together, may draw out of the gateway: SSDP answers are longer than their searches. */
final class AnswerLimit {
    private static final int PER_SOURCE_A_SECOND = 10;
    private static final int PER_SOURCE_AT_ONCE = 20;
    private static final int TOTAL_A_SECOND = 100;
    private static final int MAX_SOURCES = 256;

    private final Map<PcpAddress, TokenBucket> sources = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PcpAddress, TokenBucket> eldest) {
            return size() > MAX_SOURCES;
        }
    };
    private TokenBucket total;

    boolean admits(PcpAddress source, int answers, MonoTime now) {
        if (total == null) {
            total = new TokenBucket(TOTAL_A_SECOND, TOTAL_A_SECOND, now);
        }
        var ofSource =
                sources.computeIfAbsent(source, _ -> new TokenBucket(PER_SOURCE_A_SECOND, PER_SOURCE_AT_ONCE, now));
        return ofSource.take(answers, now) && total.take(answers, now);
    }
}
