package io.portreeve.igd.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.gena.Caller;
import io.portreeve.igd.gena.GenaAnswer;
import io.portreeve.igd.gena.Subscriptions;
import io.portreeve.igd.upnp.ScriptedIgdCalls;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** When the HTTP server says that a subscriber has been told its SID. */
class SubscriptionAnswerTest {
    private static final String EVENTS = LoopbackHttp.BASE + "/igd1/WANIPConn1/event";

    /** Grants everything, when it may. */
    private static final class Granting implements Subscriptions {
        final CountDownLatch mayGrant = new CountDownLatch(1);
        final CountDownLatch asked = new CountDownLatch(1);
        final CountDownLatch hasRead = new CountDownLatch(1);
        final CompletableFuture<String> what = new CompletableFuture<>();

        @Override
        public GenaAnswer subscribe(String path, Caller caller, Function<String, List<String>> headers) {
            asked.countDown();
            await(mayGrant);
            return new GenaAnswer.Granted("uuid:1", Duration.ofMinutes(30));
        }

        @Override
        public GenaAnswer unsubscribe(String path, Caller caller, Function<String, List<String>> headers) {
            return new GenaAnswer.Unsubscribed();
        }

        @Override
        public void answered(String sid) {
            what.complete(await(hasRead) ? "read " + sid : "not yet read " + sid);
        }

        @Override
        public void notAnswered(String sid) {
            what.complete("lost " + sid);
        }

        static boolean await(CountDownLatch latch) {
            try {
                return latch.await(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private final Granting subscriptions = new Granting();

    private int port;

    private LoopbackHttp start() throws Exception {
        var server = new LoopbackHttp(
                new ScriptedIgdCalls(), subscriptions, LanHttp.Patience.of(LanSettings.USUAL_PATIENCE), 30);
        port = server.port;
        return server;
    }

    private String subscribe() {
        return "SUBSCRIBE " + EVENTS + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n";
    }

    @Test
    @Proves("igd:I-GENA-06")
    void isWhenTheSubscriberCanReadIt() throws Exception {
        try (var _ = start();
                var client = new RawClient(port)) {
            subscriptions.mayGrant.countDown();
            client.send(subscribe());
            assertThat(client.until("\r\n\r\n")).contains("\r\nSID: uuid:1\r\n");
            subscriptions.hasRead.countDown();
            assertThat(subscriptions.what.get(10, TimeUnit.SECONDS)).isEqualTo("read uuid:1");
        }
    }

    @Test
    void isNeverIfItHasGoneAway() throws Exception {
        try (var _ = start()) {
            try (var client = new RawClient(port)) {
                client.send(subscribe());
                assertThat(Granting.await(subscriptions.asked)).isTrue();
                client.reset();
            }
            subscriptions.mayGrant.countDown();
            assertThat(subscriptions.what.get(10, TimeUnit.SECONDS)).isEqualTo("lost uuid:1");
        }
    }
}
