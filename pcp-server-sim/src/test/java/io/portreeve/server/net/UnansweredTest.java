package io.portreeve.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class UnansweredTest {

    @Test
    void anExchangeIsTakenOnceAndTheOldestIsForgottenWhenThereAreTooMany() {
        var unanswered = new Unanswered();
        var exchange = new Exchange(
                new EmbeddedChannel(), new InetSocketAddress("127.0.0.1", 1), new byte[0], Optional.empty());
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
