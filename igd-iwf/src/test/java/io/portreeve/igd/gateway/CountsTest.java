package io.portreeve.igd.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingOutcome;
import io.portreeve.igd.iwf.IgdAction;
import io.portreeve.igd.iwf.IgdError;
import io.portreeve.igd.iwf.IgdReply;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CountsTest {
    private final Counts counts = new Counts();

    private static <K> Map<K, Long> sums(Map<K, LongAdder> all) {
        return all.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().sum()));
    }

    @Test
    void callsByTheirOutcome() {
        var action = new IgdAction.GetExternalIPAddress();
        counts.called(action, new IgdReply.Done());
        counts.called(action, new IgdReply.Done());
        counts.called(action, new IgdReply.Failed(IgdError.CONFLICT));
        assertThat(sums(counts.calls()))
                .isEqualTo(Map.of(
                        new Counts.Call("GetExternalIPAddress", "ok"), 2L,
                        new Counts.Call("GetExternalIPAddress", "718"), 1L));
    }

    @Test
    void answersByTheirResult() {
        var external = new Endpoint(PcpAddress.parse("203.0.114.1"), 80);
        counts.pcpAnswered(new MappingOutcome.Granted(external, new Lifetime(60)));
        counts.pcpAnswered(new MappingOutcome.Released());
        counts.pcpAnswered(new MappingOutcome.Refused(ResultCode.NO_RESOURCES.value(), new Lifetime(30)));
        counts.pcpAnswered(new MappingOutcome.Refused(200, new Lifetime(30)));
        assertThat(counts.isAnswered()).as("a refusal is an answer").isTrue();
        counts.pcpAnswered(new MappingOutcome.Unreachable());
        assertThat(counts.isAnswered()).isFalse();
        assertThat(sums(counts.pcpAnswers()))
                .isEqualTo(Map.of("SUCCESS", 2L, "NO_RESOURCES", 1L, "UNKNOWN", 1L, "NONE", 1L));
        counts.pcpAnswered(new MappingOutcome.Released());
        assertThat(counts.isAnswered()).isTrue();
    }

    @Test
    void commitsAndTheirTime() {
        counts.committed(Duration.ofMillis(2));
        counts.committed(Duration.ofMillis(3));
        assertThat(counts.commits()).isEqualTo(2);
        assertThat(counts.commitTime()).isEqualTo(Duration.ofMillis(5));
        counts.notCommitted();
        assertThat(counts.failedCommits()).isEqualTo(1);
        assertThat(counts.isStored()).isFalse();
        counts.committed(Duration.ofMillis(1));
        assertThat(counts.isStored()).isTrue();
    }
}
