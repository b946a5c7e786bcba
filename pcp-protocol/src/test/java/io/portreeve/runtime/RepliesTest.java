package io.portreeve.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RepliesTest {
    /** Who waits so long hangs. */
    private static final Duration FOR_EVER = Duration.ofMinutes(1);

    private final Replies<String> replies = new Replies<>();
    private final ArrayList<Long> calls = new ArrayList<>();

    @Test
    void reachEachItsCall() {
        var first = replies.await(
                call -> {
                    var second = replies.await(other -> replies.reply(other, "to the second"), FOR_EVER);
                    assertThat(second).contains("to the second");
                    CompletableFuture.runAsync(() -> replies.reply(call, "to the first"));
                },
                FOR_EVER);
        assertThat(first).contains("to the first");
    }

    @Test
    void reachNobodyWhoHasGivenUp() {
        assertThat(replies.await(calls::add, Duration.ZERO)).isEmpty();
        assertThat(replies.reply(calls.getFirst(), "too late")).isFalse();
        assertThat(replies.reply(7, "to nobody")).isFalse();
    }

    @Test
    void reachACallOnce() {
        var reply = replies.await(
                call -> {
                    assertThat(replies.reply(call, "first")).isTrue();
                    assertThat(replies.reply(call, "second")).isFalse();
                },
                FOR_EVER);
        assertThat(reply).contains("first");
    }

    @Test
    void areNotWaitedForByAThreadThatIsInterrupted() {
        Thread.currentThread().interrupt();
        assertThat(replies.await(calls::add, FOR_EVER)).isEmpty();
        assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        assertThat(replies.reply(calls.getFirst(), "too late")).isFalse();
    }
}
