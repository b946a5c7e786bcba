package io.portreeve.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.engine.Client;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class UnansweredTest {

    @Test
    void anExchangeIsTakenOnceAndTheOldestIsForgottenWhenThereAreTooMany() {
        var unanswered = new Unanswered();
        var exchange = new Exchange(
                Client.of(new Endpoint(PcpAddress.parse("100.64.0.2"), 49152)), _ -> {}, new byte[0], Optional.empty());
        long first = unanswered.add(exchange);
        long second = unanswered.add(exchange);
        for (int i = 1; i < Unanswered.LIMIT; i++) {
            unanswered.add(exchange);
        }
        assertThat(unanswered.take(first)).isEmpty();
        assertThat(unanswered.take(second)).contains(exchange);
        assertThat(unanswered.take(second)).isEmpty();
    }
}
